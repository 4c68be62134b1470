"""Double opt-in: nothing is sent before the owner of the address said yes."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from contacts.models import Consent, Contact, OptIn
from contacts.services.opt_ins import ask_to_opt_in, confirm_opt_in, forget_unconfirmed
from contacts.services.person_mails import send_confirmation
from contacts.services.privacy import erase_contact
from contacts.services.wordings import ensure_wordings
from contacts.tests.factories import make_contact
from core.jobs.running import run
from core.models import Job

pytestmark = pytest.mark.django_db


def ask(address: str = "ann@example.org", **values: Any) -> OptIn:
    found = ask_to_opt_in(
        actor=None, address=address, purposes=["marketing"], source="Fair", language="en", **values
    )
    assert found is not None
    return found


def work_off_jobs() -> list[str]:
    states = []
    for job in Job.objects.filter(state="queued"):
        done = run(job.pk)
        states.append(done.state if done else "")
    return states


def test_request_sends_one_mail_and_writes_no_consent(mailoutbox: list[Any]) -> None:
    ensure_wordings()
    request = ask("Ann@Example.org", first_name="Ann")
    assert work_off_jobs() == ["done"]
    (mail,) = mailoutbox
    assert mail.to == ["ann@example.org"]
    assert re.search(r"/p/confirm/\d+\.[\w-]{22}/", mail.body)
    assert not Contact.objects.exists()
    assert not Consent.objects.exists()
    assert str(request.wording_version) == "marketing v1 (en)"


def test_confirmation_makes_a_subscriber_with_the_words_and_the_source() -> None:
    ensure_wordings()
    contact = confirm_opt_in(actor=None, opt_in=ask(first_name="Ann", last_name="Lee"))
    assert contact is not None
    assert (contact.name, contact.lifecycle_stage, contact.source) == ("Ann Lee", "subscriber", "Fair")
    line = Consent.objects.get()
    assert (line.state, line.source, line.wording_version.version) == (  # type: ignore[union-attr]
        "granted", "Confirmed by e-mail (Fair)", 1,
    )  # fmt: skip
    assert line.wording.startswith("I want to get news")
    confirm_opt_in(actor=None, opt_in=OptIn.objects.get())
    assert Consent.objects.count() == 1


def test_known_contact_is_pending_until_confirmed() -> None:
    contact = make_contact(email="ann@example.org")
    request = ask()
    assert [line.state for line in Consent.objects.all()] == ["pending"]
    confirm_opt_in(actor=None, opt_in=request)
    assert list(Consent.objects.order_by("pk").values_list("contact", "state")) == [
        (contact.pk, "pending"),
        (contact.pk, "granted"),
    ]


def test_mails_are_limited() -> None:
    request = ask()
    ask()
    assert OptIn.objects.count() == 1
    for _time in range(5):
        send_confirmation(request.pk)
        OptIn.objects.update(mailed_at=timezone.now() - timedelta(hours=1))
        ask()
    assert OptIn.objects.get().mails == 5  # sent by hand here; none is queued past the third
    queued = Job.objects.filter(kind="contacts.send_confirmation").count()
    assert queued <= 5


def test_request_that_ended_can_not_be_confirmed_and_is_forgotten() -> None:
    request = ask()
    OptIn.objects.update(expires_at=timezone.now() - timedelta(days=31))
    assert confirm_opt_in(actor=None, opt_in=request) is None
    assert not Contact.objects.exists()
    assert forget_unconfirmed() == 1


def test_erased_person_is_not_asked(mailoutbox: list[Any]) -> None:
    erase_contact(actor=None, contact=make_contact(email="ann@example.org"))
    answer = ask_to_opt_in(actor=None, address="ann@example.org", purposes=["marketing"], source="Fair")
    assert answer is None
    assert not OptIn.objects.exists()
    assert not Job.objects.exists()


@pytest.mark.parametrize(("address", "purposes"), [("no address", ["marketing"]), ("a@example.org", ["x"])])
def test_nonsense_is_refused(address: str, purposes: list[str]) -> None:
    with pytest.raises(ValidationError):
        ask_to_opt_in(actor=None, address=address, purposes=purposes, source="Fair")
