"""What stands beside records of every type: comments and documents; and the columns of the library."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.enums import Action, Sharing
from core.models import Document
from core.registries.columns import Column, joined
from core.scope.access import profile_for
from core.selectors.comments import comments_on
from core.selectors.documents import documents_on
from core.ui.markup import badge, person, when

COMMENTS_IN_PANEL = 20
TONES = {Sharing.EVERYONE: "ok", Sharing.TEAMS: "accent"}


def comments_card(record: Any, user: Any) -> dict[str, Any] | None:
    """The newest comments with a form for one more."""
    profile = profile_for(user)
    if not profile.allows("comment", Action.VIEW):
        return None
    found = comments_on(record.record_type, record.pk, COMMENTS_IN_PANEL)
    return {
        "comments": found,
        "count": len(found),
        "may_comment": profile.allows("comment", Action.ADD),
        "type_key": record.record_type,
        "user_id": profile.user_id,
        "record": record,
    }


def documents_card(record: Any, user: Any) -> dict[str, Any] | None:
    """The library's documents that belong to the record."""
    profile = profile_for(user)
    if not profile.allows("document", Action.VIEW):
        return None
    found = documents_on(record.record_type, record.pk, user)
    changing = profile.allows(record.record_type, Action.CHANGE)
    url = reverse("core:document_link", args=[record.record_type, record.pk]) if changing else ""
    return {
        "documents": found,
        "count": len(found),
        "may_change": changing,
        "type_key": record.record_type,
        "add_url": url,
    }


def sharing_badge(document: Document) -> Any:
    return badge(document.get_sharing_display(), TONES.get(Sharing(document.sharing), ""))


DOCUMENT_COLUMNS = (
    Column("name", _("Name"), str, sort=("name",), order=10),
    Column("description", _("Description"), lambda d: d.description[:100], order=20),
    Column("sharing", _("Shared with"), sharing_badge, export=lambda d: d.sharing, order=30),
    Column(
        "owner",
        _("Owner"),
        lambda d: person(str(d.owner)) if d.owner else "",
        export=lambda d: str(d.owner or ""),
        select=joined("owner"),
        field="owner",
        order=50,
    ),
    Column("created", _("Created"), lambda d: when(d.created_at), export=lambda d: d.created_at, order=95),
)
