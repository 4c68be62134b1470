"""Opting out and dead addresses: what marketing writes into the contacts' consent and suppression ledgers."""

from typing import Any

from django.utils.translation import gettext as _

from contacts.enums import ConsentState, SuppressionCause
from contacts.selectors.permissions import may_send
from contacts.services.consents import record_consent, suppress
from core.events import publish
from core.mail.message import BounceReport, ParsedMail
from core.services.base import service
from marketing.enums import EngagementKind, Evidence
from marketing.events import RecipientUnsubscribed
from marketing.models import Recipient
from marketing.selectors.permissions import purpose_of
from marketing.selectors.results import recipient_by_token
from marketing.services.engagements import count_engagement
from marketing.services.messages import links


@service
def suppress_dead_address(*, actor: Any, address: str) -> None:
    """No mailing goes to an address whose user or host does not exist. Saying it twice changes nothing."""
    suppress(actor=actor, address=address, cause=SuppressionCause.BOUNCED)


@service
def unsubscribe(*, actor: Any, recipient: Recipient, source: str) -> bool:
    """Take a recipient off the mailings: the address is suppressed for marketing and the consent withdrawn.

    Answers to the person's own tickets still go out. Returns False when that was so already.
    """
    assert recipient.address is not None
    new = may_send(recipient.address)
    suppress(actor=actor, address=recipient.address, cause=SuppressionCause.UNSUBSCRIBED)
    if recipient.contact is not None and new:
        record_consent(
            actor=actor,
            contact=recipient.contact,
            state=ConsentState.WITHDRAWN,
            purpose=purpose_of(recipient.campaign),
            source=source,
            wording=_("Unsubscribed from “%(campaign)s”") % {"campaign": recipient.campaign.name},
        )
    count_engagement(
        actor=actor, recipient=recipient, kind=EngagementKind.UNSUBSCRIBE, evidence=Evidence.HUMAN
    )
    if new:
        publish(RecipientUnsubscribed(recipient_id=recipient.pk, contact_id=recipient.contact_id))
    return new


def recipient_of_report(parsed: ParsedMail) -> Recipient | None:
    """The ledger line that a returned mail is about: by its return path, else by the Message-ID it encloses."""
    maker = links()
    for address in (*parsed.delivered_to, *(box.address for box in (*parsed.to, *parsed.cc))):
        recipient_id = maker.recipient_of_return_path(address)
        if recipient_id is not None:
            return recipient_by_token(recipient_id)
    report = parsed.bounce or parsed.complaint
    if report is None or not report.original_message_id:
        return None
    found = Recipient.objects.filter(message_id=report.original_message_id).first()
    return recipient_by_token(found.pk) if found else None


@service
def record_complaint(*, actor: Any, recipient: Recipient) -> None:
    """Somebody pressed «this is spam»: no mailing goes there any more."""
    count_engagement(actor=actor, recipient=recipient, kind=EngagementKind.COMPLAINT, evidence=Evidence.HUMAN)
    if recipient.address:
        suppress(actor=actor, address=recipient.address, cause=SuppressionCause.COMPLAINED)


@service
def record_bounce(*, actor: Any, recipient: Recipient, report: BounceReport | None) -> None:
    """A bounce that came back to a recipient's own return path. Only proof of a dead address suppresses it."""
    count_engagement(actor=actor, recipient=recipient, kind=EngagementKind.BOUNCE, evidence=Evidence.UNKNOWN)
    dead = report is not None and any(one.proves_dead for one in report.recipients)
    if dead and recipient.address:
        suppress_dead_address(actor=actor, address=recipient.address)
