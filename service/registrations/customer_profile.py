"""What service answers in the customer profile, and the criterion that its links need."""

from django.utils.translation import gettext_lazy as _

from contacts.profile.channels import register_channels
from contacts.profile.subject import family_condition
from core.conditions import criteria
from core.conditions.criteria import Criterion, Kind
from core.registries import profile
from core.registries.profile import Answerer
from service.profile.answers import ticket_answers, ticket_channels

profile.register(Answerer("service.tickets", ticket_answers, order=50))
register_channels("service.tickets", ticket_channels)
criteria.register(
    "ticket",
    Criterion(
        "family", _("Company with its subsidiaries"), Kind.REF, build=family_condition("company_id"),
        ref_type="company", field="company", operators=("in",), icon="hierarchy", listed=False,
    ),
)  # fmt: skip
