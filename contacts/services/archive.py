"""Handing out all that is kept about a person."""

from typing import Any

from django.utils.translation import gettext as _

from contacts.enums import RequestKind
from contacts.models import Contact, PrivacyRequest
from contacts.services.privacy import export_contact
from contacts.services.requests import close_request, open_request
from core.privacy.archive import person_zip
from core.registries.aliases import live_id, merged_ids
from core.services.base import service


@service
def person_archive(
    *, actor: Any, contact: Contact, request: PrivacyRequest | None = None, source: str = ""
) -> bytes:
    """The zip of an access request; the register notes that it was answered. Raises NotAllowed."""
    found = export_contact(actor=actor, contact=contact)
    live = live_id("contact", contact.pk)
    content = person_zip(found, [live, *merged_ids("contact", live)])
    line = request or open_request(
        actor=actor, kind=RequestKind.ACCESS, contact=contact, source=source or _("Handed out by a colleague")
    )
    close_request(actor=actor, request=line, answer=_("Handed out as a file."))
    return content
