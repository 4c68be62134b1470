"""Duplicates: the place in the sidebar and the palette, the card beside a record, what erasing and merging do."""

from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from contacts import duplicate_jobs  # noqa: F401  (the job kind registers itself)
from contacts.models import CompanyDuplicate, ContactDuplicate
from contacts.selectors.duplicates import pairs_of
from contacts.views.duplicate_cards import panel_cards
from core.registries import navigation, panels, privacy, relinkers
from core.registries.navigation import NavEntry
from core.registries.panels import Panel
from core.registries.privacy import PersonalRows

SHOWN = 5

navigation.register(
    NavEntry(
        "duplicates",
        _("Duplicates"),
        "copy",
        "contacts:contact_duplicates",
        section="tools",
        order=30,
        allowed=lambda profile: profile.allows("contact", "view"),
    )
)


def duplicates_card(record: Any, user: Any) -> dict[str, Any] | None:
    """The records that this one may be, with why; nothing when there are none."""
    kind = record.record_type
    pairs = pairs_of(user, kind, record.pk, SHOWN + 1)
    if not pairs:
        return None
    cards = panel_cards(user, kind, record, pairs[:SHOWN])
    here = reverse(f"contacts:{kind}_detail", args=[record.pk])
    return {"cards": cards, "count": len(pairs), "here": here}


for _type in ("contact", "company"):
    panels.register(
        Panel(
            "duplicates",
            _type,
            _("Possible duplicates"),
            "copy",
            "contacts/panels/_duplicates.html",
            duplicates_card,
            5,
        )
    )

privacy.register(
    PersonalRows(ContactDuplicate, lambda pk: ContactDuplicate.objects.filter(Q(a=pk) | Q(b=pk)), order=30)
)
WHY_LEFT = "a pair follows by the events of the merge: what people decided is kept, the rest is found again"
for _model in (ContactDuplicate, CompanyDuplicate):
    for _side in ("a", "b"):
        relinkers.leave(_model, _side, WHY_LEFT)
