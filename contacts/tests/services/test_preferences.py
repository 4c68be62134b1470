"""What somebody decides by their own link, as the ledger says it afterwards."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from contacts.enums import Refusal, Sending
from contacts.models import Consent, ContactPreference, Suppression, TimelineEntry
from contacts.selectors.gate import refusal_for
from contacts.services.consents import record_consent, suppress
from contacts.services.preferences import choose, set_pace, stop_all
from contacts.tests.factories import make_contact

pytestmark = pytest.mark.django_db
EMAIL = ("marketing", "email")


def refused(contact: Any, **values: Any) -> Refusal | None:
    return refusal_for(address="ada@example.org", sending=Sending.MARKETING, contact=contact, **values)


def test_only_what_differs_is_written() -> None:
    contact = make_contact(email="ada@example.org")
    assert choose(actor=None, contact=contact, wanted={EMAIL: False}, source="page") == 0
    assert choose(actor=None, contact=contact, wanted={EMAIL: True}, source="page") == 1
    assert choose(actor=None, contact=contact, wanted={EMAIL: True}, source="page") == 0
    assert choose(actor=None, contact=contact, wanted={EMAIL: False}, source="page") == 1
    assert list(Consent.objects.order_by("pk").values_list("state", flat=True)) == ["granted", "withdrawn"]


def test_stopping_withdraws_everything_and_a_later_yes_lifts_it() -> None:
    contact = make_contact(email="ada@example.org")
    record_consent(actor=None, contact=contact, state="granted", source="fair", purpose="tips")
    stop_all(actor=None, contact=contact, source="page")
    assert refused(contact) == Refusal.SUPPRESSED
    assert {(one.purpose, one.state) for one in Consent.objects.all()} == {
        ("tips", "granted"),
        ("tips", "withdrawn"),
        ("marketing", "withdrawn"),
    }
    choose(actor=None, contact=contact, wanted={EMAIL: True}, source="page")
    assert refused(contact) is None
    assert refused(contact, purpose="tips") == Refusal.WITHDRAWN


def test_yes_does_not_lift_a_complaint() -> None:
    contact = make_contact(email="ada@example.org")
    suppress(actor=None, address="ada@example.org", cause="complained")
    choose(actor=None, contact=contact, wanted={EMAIL: True}, source="page")
    assert refused(contact) == Refusal.SUPPRESSED
    assert Suppression.objects.count() == 1


def test_refusal_of_all_mailings_counts_for_a_topic_agreed_to_before_and_not_after() -> None:
    contact = make_contact(email="ada@example.org")
    record_consent(actor=None, contact=contact, state="granted", source="x", purpose="tips")
    record_consent(actor=None, contact=contact, state="withdrawn", source="x")
    assert refused(contact, purpose="tips") == Refusal.WITHDRAWN
    record_consent(actor=None, contact=contact, state="granted", source="x", purpose="tips")
    assert refused(contact, purpose="tips") is None


def test_asked_and_not_confirmed_gets_nothing_even_without_need_of_consent() -> None:
    contact = make_contact(email="ada@example.org")
    assert refused(contact, consent_needed=False) is None
    record_consent(actor=None, contact=contact, state="pending", source="x")
    assert refused(contact, consent_needed=False) == Refusal.NO_CONSENT


def test_pause_ends_on_its_day() -> None:
    contact = make_contact(email="ada@example.org")
    record_consent(actor=None, contact=contact, state="granted", source="x")
    set_pace(actor=None, contact=contact, frequency="weekly", pause_weeks=4)
    row = ContactPreference.objects.get()
    assert row.paused_until == timezone.now().date() + timedelta(days=28)
    assert refused(contact) == Refusal.PAUSED
    ContactPreference.objects.update(paused_until=timezone.now().date())
    assert refused(contact) is None
    assert TimelineEntry.objects.filter(kind="contact.preferences").count() == 1


@pytest.mark.parametrize("values", [{"frequency": "hourly"}, {"pause_weeks": 53}, {"pause_weeks": -1}])
def test_pace_that_is_not_offered_is_refused(values: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        set_pace(actor=None, contact=make_contact(), **values)
