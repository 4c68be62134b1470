"""Writing to a person or company from their page: stored first, sent by a job, and seen when it failed."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from contacts.enums import ActivityKind, Sending
from contacts.models import Activity, Company, Contact
from contacts.selectors.gate import refusal_for
from contacts.selectors.reach import primary_address
from contacts.services.activities import Link, log_activity
from core.mail.transport import new_message_id
from core.services.base import service
from core.services.jobs import enqueue_job


@service
def send_email(
    *,
    actor: Any,
    party: Contact | Company,
    subject: str,
    body: str,
    links: Iterable[Link] = (),
    follow_up_at: datetime | None = None,
    custom: Mapping[str, Any] | None = None,
) -> Activity:
    """Write to the primary address. The mail is on the timeline at once; a job sends it after the commit.

    Raises ValidationError without an address, for an address that everything is kept from, and for somebody
    who is not to be contacted; by field for what is missing; NotAllowed.
    """
    address = primary_address(party)
    if not address:
        raise ValidationError(_("%(name)s has no e-mail address. Add one first.") % {"name": party})
    person = party if isinstance(party, Contact) else None
    if refusal_for(address=address, sending=Sending.PERSONAL, contact=person):
        raise ValidationError(_("%(name)s is not to be written to.") % {"name": party})
    if not body.strip():
        raise ValidationError({"body": _("Write the message first.")})
    activity = log_activity(
        actor=actor,
        kind=ActivityKind.EMAIL,
        contact=person,
        company=party if isinstance(party, Company) else None,
        links=links,
        subject=subject,
        body=body,
        direction="out",
        external_id=new_message_id(settings.MAIL_DOMAIN)[:120],
        follow_up_at=follow_up_at,
        custom=custom or {},
    )
    # the job names nobody: jobs outlive the people they are about
    enqueue_job(actor=actor, kind="contacts.send_mail", params={"activity": activity.pk})
    return activity
