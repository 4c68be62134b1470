"""The engine's compile step for a campaign: its source, its problems in words, test mails and previews."""

from email.utils import formatdate
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.crypto import salted_hmac
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from contacts.enums import Sending
from contacts.selectors.gate import refusal_for
from core.enums import Action
from core.mail.addresses import is_sendable, normalise_email
from core.mail.server import parse_email_url
from core.mail.transport import new_message_id
from core.models import Organisation
from core.services.base import require_on, service
from marketing.models import Campaign, Variant
from marketing.selectors.merge_fields import FIELDS, sample_values
from marketing.sending.compile import (
    CompiledMessage,
    Envelope,
    MessageSource,
    compile_message,
    with_footer,
)
from marketing.sending.links import LinkMaker
from marketing.sending.placeholders import MessageProblems, Problem, ProblemCode
from marketing.sending.smtp import OutcomeKind, Outgoing, SmtpConnection

TEST_RECIPIENT = 0
"""The recipient number of test mails and previews: no ledger line has it, so its links change nothing."""


@lru_cache(maxsize=1)
def link_key() -> bytes:
    """The key of links, tokens and Message-IDs in mails. It must outlive the mails: see docs/mail.md."""
    return salted_hmac(
        "marketing.mail-links", "1", secret=settings.MAIL_LINK_KEY, algorithm="sha256"
    ).digest()


def links() -> LinkMaker:
    return LinkMaker(settings.PUBLIC_URL.rstrip("/"), link_key(), settings.MAIL_DOMAIN)


def source_of(campaign: Campaign, variant: Variant) -> MessageSource:
    """What the engine compiles, with the footer that the road demands where the words lack it."""
    organisation = Organisation.objects.filter(pk=1).first()
    postal = organisation.postal_address if organisation else ""
    source = MessageSource(
        subject=variant.subject,
        text=variant.text,
        html=variant.html,
        from_name=campaign.from_name,
        from_address=campaign.from_address,
        reply_to=campaign.reply_to,
        postal_address=postal,
        fields=frozenset(FIELDS),
        track=campaign.track,
        language=get_language() or "en",
    )
    return with_footer(source, _("Unsubscribe"), _("Your preferences"))


def compile_variant(campaign: Campaign, variant: Variant) -> CompiledMessage:
    """The compiled message. Raises ValidationError by field, in words for the person who wrote it."""
    try:
        return compile_message(
            source_of(campaign, variant), links=links(), feedback_id=f"c{campaign.pk}v{variant.pk}"
        )
    except MessageProblems as error:
        raise ValidationError(problems_by_field(error.problems)) from error


def problems_by_field(problems: tuple[Problem, ...]) -> dict[str, list[str]]:
    fields = {"sender": "from_address", "postal_address": "text"}
    found: dict[str, list[str]] = {}
    for problem in problems:
        found.setdefault(fields.get(problem.part, problem.part), []).append(_problem_text(problem))
    return found


def _problem_text(problem: Problem) -> str:
    words = {
        ProblemCode.UNKNOWN_PLACEHOLDER: _(
            "Line %(line)d: there is no field “%(detail)s”. Use one of: %(names)s."
        ),
        ProblemCode.MALFORMED_PLACEHOLDER: _(
            "Line %(line)d: “%(detail)s” is no placeholder. Write it as {{ first_name }} or "
            '{{ first_name|fallback:"there" }}.'
        ),
        ProblemCode.NO_SUBJECT: _("Write a subject."),
        ProblemCode.NO_TEXT: _("Write the plain-text part: some people read only that."),
        ProblemCode.NO_UNSUBSCRIBE_LINK: _("Put {{ unsubscribe_url }} into this part."),
        ProblemCode.NO_POSTAL_ADDRESS: _(
            "A mailing names the sender's postal address: an administrator enters it under Organisation."
        ),
        ProblemCode.BAD_SENDER: _("This address can't be used as a sender."),
        ProblemCode.WHOLE_LINK_PLACEHOLDER: _(
            "The link “%(detail)s” leads where a field says. Write the site's name out; a field may stand after it."
        ),
        ProblemCode.BAD_LINK: _("The link “%(detail)s” must begin with https:// (or mailto:, tel:)."),
    }
    return words[problem.code] % {
        "line": problem.line,
        "detail": problem.detail,
        "names": ", ".join(FIELDS),
    }


def preview(campaign: Campaign, variant: Variant, contact: Any | None) -> tuple[str, bytes]:
    """Subject and raw message as `contact` (or a made-up person) would get it. Raises ValidationError."""
    compiled = compile_variant(campaign, variant)
    values = sample_values(contact)
    return compiled.subject_for(values), compiled.render(_envelope("you@example.com", values))


def _envelope(address: str, values: dict[str, str]) -> Envelope:
    message_id = new_message_id(settings.MAIL_DOMAIN)
    return Envelope(TEST_RECIPIENT, address, values["name"], message_id, formatdate(), values)


class _NoJournal:
    """Test mails are sent while somebody looks on: what is in doubt is seen at once."""

    def begin(self, recipient_id: int, token: int) -> None: ...
    def accepted(self, recipient_id: int, token: int) -> None: ...
    def rejected(self, recipient_id: int, token: int, reply: str) -> None: ...


@service
def send_test(*, actor: Any, campaign: Campaign, address: str, contact: Any | None = None) -> None:
    """Send one copy to `address`, as `contact` would get it. It is on no ledger and its links change nothing.

    Raises ValidationError (the message, the address, or the server's refusal) and SmtpError.
    """
    require_on(actor, campaign, Action.CHANGE)
    target = normalise_email(address)
    if target is None or not is_sendable(target):
        raise ValidationError({"address": [_("Enter an e-mail address.")]})
    if refusal := refusal_for(address=target, sending=Sending.PERSONAL):
        raise ValidationError({"address": [str(refusal.label)]})
    variant = campaign.variants.get()
    compiled = compile_variant(campaign, variant)
    raw = compiled.render(_envelope(target, sample_values(contact)))
    sender = links().return_path(TEST_RECIPIENT)
    with SmtpConnection(parse_email_url(settings.EMAIL_URL), timeout=20) as connection:
        outgoing = Outgoing(TEST_RECIPIENT, 0, sender, target, lambda: raw)
        (outcome,) = connection.send([outgoing], _NoJournal())
    if outcome.kind is not OutcomeKind.ACCEPTED:
        raise ValidationError(
            {"address": [_("The mail server refused it: %(reply)s") % {"reply": outcome.reply}]}
        )
