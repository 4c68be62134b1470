"""The card that says which segments a person is in."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from contacts.models import Contact
from contacts.selectors.segment_history import segments_of
from core.registries import panels
from core.registries.panels import Panel
from core.scope.access import profile_for


def segments_card(contact: Contact, user: Any) -> dict[str, Any] | None:
    if not profile_for(user).allows("segment", "view"):
        return None
    found = segments_of(contact, user)
    return {"memberships": found, "count": len(found), "contact": contact}


panels.register(
    Panel(
        "segments",
        "contact",
        _("Segments"),
        "filter",
        "contacts/panels/_segments.html",
        segments_card,
        70,
        open=False,
    )
)
