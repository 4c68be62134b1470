"""The customer profile: its questions, contacts' answers, and the card beside people and companies."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from contacts.models import Company, Contact
from contacts.profile import questions  # noqa: F401  (registering is the import's purpose)
from contacts.profile.about import about
from contacts.profile.channels import register_channels
from contacts.profile.subject import family_condition
from contacts.profile.talks import activity_channels, channels_answer
from core.conditions import criteria
from core.conditions.criteria import Criterion, Kind
from core.registries import panels, profile
from core.registries.panels import Panel
from core.registries.profile import Answerer

profile.register(Answerer("contacts.about", about, order=10))
profile.register(Answerer("contacts.channels", channels_answer, order=20))
register_channels("contacts.activities", activity_channels)

TREE = (Company._meta.db_table, Contact._meta.db_table)
for _type, _path in (("company", "pk"), ("contact", "company_id"), ("activity", "company_id")):
    criteria.register(
        _type,
        Criterion(
            "family", _("Company with its subsidiaries"), Kind.REF, build=family_condition(_path),
            ref_type="company", field="company", operators=("in",), icon="hierarchy", listed=False,
            moved_by=TREE, reads=("company",),
        ),
    )  # fmt: skip


def profile_card(record: Any, user: Any) -> dict[str, Any]:
    """Only where the answers are to be had: they are loaded after the page."""
    kind = "contact" if isinstance(record, Contact) else "company"
    return {"count": None, "profile_url": reverse(f"contacts:{kind}_profile", args=[record.pk])}


for _type in ("contact", "company"):
    panels.register(
        Panel(
            "profile",
            _type,
            _("Customer profile"),
            "id",
            "contacts/profile/_card.html",
            profile_card,
            order=5,
        )
    )
