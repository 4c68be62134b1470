"""Do-not-contact is obeyed by everything that sends: no sender without the gate, and each one tried."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from contacts.enums import Sending
from contacts.models import Contact, OptIn, Suppression, TimelineEntry
from contacts.selectors.gate import refusal_for
from contacts.services.consents import record_consent
from contacts.services.mailing import send_email
from contacts.services.opt_ins import ask_to_opt_in
from contacts.services.person_mails import send_confirmation, send_link
from contacts.services.preferences import set_pace
from contacts.tests.factories import make_contact
from core.jobs.running import run
from core.models import Job
from local.instance import PROJECT_ROOT
from marketing.models import Recipient
from marketing.sending.smtp import Outcome, OutcomeKind
from marketing.services.launch import launch_campaign
from marketing.services.ledger import claim
from marketing.services.messages import send_test
from marketing.tests.factories import make_campaign
from service.models import SurveyRequest, SurveySettings, Ticket
from service.services.confirming import confirm_ticket
from service.services.conversation import reply_to_ticket
from service.services.sending import deliver
from service.services.surveys import ask
from service.tests.factories import make_ticket

SENDING_CALL = re.compile(
    r"\b(?:send_mail|send_mass_mail|EmailMessage|EmailMultiAlternatives|SmtpConnection|smtplib\.SMTP)\("
)
SENDERS = {
    # file: why it may send, or the gate it passes
    "core/mail/transport.py": "the transport itself",
    "marketing/sending/smtp.py": "the transport itself",
    "contacts/quality/auditing.py": "a report to a colleague, not to a contact",
    "core/services/users.py": "an invitation to a colleague, not to a contact",
    "contacts/jobs.py": "refusal_for",
    "contacts/services/person_mails.py": "refusal_for",
    "marketing/services/drain.py": "last_word",
    "marketing/services/messages.py": "refusal_for",
    "service/services/sending.py": "refusal_for",
}
ADDRESS = "ada@example.org"


def test_every_sender_is_known_and_passes_the_gate() -> None:
    found = set()
    for app in ("core", "contacts", "sales", "service", "marketing", "analytics", "crm_project"):
        for path in (PROJECT_ROOT / app).rglob("*.py"):
            name = str(path.relative_to(PROJECT_ROOT))
            text = path.read_text(encoding="utf-8")
            if "/tests/" not in name and SENDING_CALL.search(text.replace("def send_mail(", "")):
                found.add(name)
                gate = SENDERS.get(name, "")
                assert gate, f"{name} sends mail: let it ask contacts.selectors.gate, and say so here"
                assert " " in gate or gate in text, f"{name} does not ask {gate}"
    assert found <= set(SENDERS)


def composer(contact: Contact) -> int:
    send_email(actor=None, party=contact, subject="Hello", body="There")
    return 1


def composer_job(contact: Contact) -> int:
    """The mail was written before the person was to be left alone."""
    job = Job.objects.get(kind="contacts.send_mail")
    done = run(job.pk)
    assert done is not None
    return int(done.state == "done")


def campaign(contact: Contact) -> int:
    return len(claim(actor=None, campaign=launched(contact), worker="w", size=50).lines)


def launched(contact: Contact) -> Any:
    return Recipient.objects.filter(contact=contact).earliest("pk").campaign


def campaign_test(contact: Contact) -> int:
    send_test(actor=None, campaign=launched(contact), address=ADDRESS)
    return 1


def ticket_answer(contact: Contact) -> int:
    ticket = make_ticket(contact=contact, requester_address=ADDRESS)
    message = reply_to_ticket(actor=None, ticket=ticket, text="Answer")
    return int(deliver(message.pk) == "sent")


def ticket_confirmation(contact: Contact) -> int:
    ticket = make_ticket(contact=contact, requester_address=ADDRESS)
    return int(confirm_ticket(actor=None, ticket=ticket) is not None)


def survey(contact: Contact) -> int:
    """Written while it was still allowed."""
    SurveySettings.objects.create(pk=1, is_on=True)
    ticket = make_ticket(contact=contact, requester_address=ADDRESS)
    request = SurveyRequest.objects.create(ticket=ticket, due_at=timezone.now())
    Ticket.objects.filter(pk=ticket.pk).update(status="solved", solved_at=timezone.now())
    message = ask(actor=None, request_id=request.pk)
    return int(message is not None and deliver(message.pk) == "sent")


def own_link(contact: Contact) -> int:
    return int(send_link([contact.points.get().pk]))


def opt_in(contact: Contact) -> int:
    request = ask_to_opt_in(actor=None, address=ADDRESS, purposes=["marketing"], source="page")
    return int(request is not None and send_confirmation(OptIn.objects.get().pk))


LEFT_ALONE = {
    # what was said: the senders that fall silent
    "do not contact": {"composer", "composer_job", "campaign", "survey"},
    "left the mailings": {"campaign", "survey"},
    "paused": {"campaign", "survey"},
    "one a week, and had one yesterday": {"campaign", "survey"},
    "nothing at all": {
        "composer", "composer_job", "campaign", "campaign_test", "ticket_answer", "ticket_confirmation", "survey",
    },
    "dead address": {
        "composer", "composer_job", "campaign", "campaign_test", "ticket_answer", "ticket_confirmation",
        "survey", "own_link", "opt_in",
    },
}  # fmt: skip
TRIED = (
    composer, composer_job, campaign, campaign_test, ticket_answer, ticket_confirmation, survey, own_link, opt_in,
)  # fmt: skip


def had_a_mailing(contact: Contact, at: datetime) -> None:
    """Of another campaign, as the ledger and the timeline tell it."""
    earlier = make_campaign(contact)
    Recipient.objects.create(
        campaign=earlier,
        variant=earlier.variants.get(),
        contact=contact,
        address=ADDRESS,
        state="sent",
        sent_at=at,
    )
    TimelineEntry.objects.create(
        contact=contact, kind="campaign.sent", title="News", occurred_at=at, dedupe_key="campaign:1"
    )


def say(what: str, contact: Contact) -> None:
    if what == "do not contact":
        Contact.objects.filter(pk=contact.pk).update(do_not_contact=True)
    elif what == "left the mailings":
        Suppression.objects.create(address=ADDRESS, reach="marketing", cause="unsubscribed")
    elif what == "paused":
        set_pace(actor=None, contact=contact, pause_weeks=2)
    elif what == "one a week, and had one yesterday":
        had_a_mailing(contact, timezone.now() - timedelta(days=1))
        set_pace(actor=None, contact=contact, frequency="weekly")
    elif what == "nothing at all":
        Suppression.objects.create(address=ADDRESS, reach="all", cause="manual")
    elif what == "dead address":
        Suppression.objects.create(address=ADDRESS, reach="all", cause="bounced")


@pytest.mark.django_db
@pytest.mark.parametrize("what", ["", *LEFT_ALONE])
@pytest.mark.parametrize("sender", TRIED, ids=lambda sender: sender.__name__)
def test_sender_obeys(
    what: str, sender: Callable[[Contact], int], mailoutbox: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Everything is prepared while it is still allowed; then the person says so, and the sender is run."""
    contact = make_contact(email=ADDRESS)
    record_consent(actor=None, contact=contact, state="granted", source="fair")
    launch_campaign(actor=None, campaign=make_campaign(contact))
    if sender is composer_job:
        composer(contact)
    if sender is campaign_test:
        monkeypatch.setattr("marketing.services.messages.SmtpConnection", _NoServer)
    say(what, contact)
    try:
        sent = sender(contact)
    except ValidationError:
        sent = 0
    silent = sender.__name__ in LEFT_ALONE.get(what, set())
    assert sent == (0 if silent else 1)
    if silent:
        assert mailoutbox == []


class _NoServer:
    """Takes what a test mail hands over, as no server is at hand here."""

    def __init__(self, *args: Any, **kwargs: Any) -> None: ...
    def __enter__(self) -> "_NoServer":
        return self

    def __exit__(self, *args: object) -> None: ...
    def send(self, messages: Any, journal: Any) -> list[Any]:
        return [Outcome(one, OutcomeKind.ACCEPTED, 250, "ok") for one in messages]


def test_who_is_to_be_left_alone_still_gets_an_answer_to_an_open_request(db: None) -> None:
    contact = make_contact(email=ADDRESS, do_not_contact=True)
    assert refusal_for(address=ADDRESS, sending=Sending.SERVICE, contact=contact) is None
    assert refusal_for(address=ADDRESS, sending=Sending.PERSONAL, contact=contact) == "do_not_contact"


@pytest.mark.parametrize(
    ("frequency", "days", "asked"), [("weekly", 8, True), ("monthly", 8, False), ("any", 0, True)]
)
def test_rest_between_mailings_is_as_long_as_the_person_wants(
    db: None, frequency: str, days: int, asked: bool
) -> None:
    contact = make_contact(email=ADDRESS)
    record_consent(actor=None, contact=contact, state="granted", source="fair")
    had_a_mailing(contact, timezone.now() - timedelta(days=days, minutes=1))
    set_pace(actor=None, contact=contact, frequency=frequency)
    refusal = refusal_for(address=ADDRESS, sending=Sending.MARKETING, contact=contact)
    assert refusal == (None if asked else "too_often")
