"""The register of requests, legal holds, and erasing again after a restore."""

import json
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from contacts.models import Contact, Erasure, PrivacyRequest, Suppression, TimelineEntry
from contacts.selectors.tombstones import erased_among
from contacts.services.holds import OnLegalHold, lift_hold, place_hold
from contacts.services.merging import merge_records
from contacts.services.privacy import erase_contact
from contacts.services.privacy_settings import save_privacy_settings
from contacts.services.replaying import replay_erasures
from contacts.services.requests import (
    apply_correction,
    ask_for_own_erasure,
    carry_out_erasure,
    close_request,
    correct_own_data,
    one_month_after,
    open_request,
    release_ended_holds,
)
from contacts.tests.factories import make_contact, make_point
from core.services.base import NotAllowed
from core.tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("day", "due"),
    [((2026, 1, 31), (2026, 2, 28)), ((2026, 12, 5), (2027, 1, 5)), ((2028, 1, 30), (2028, 2, 29))],
)
def test_month_to_answer(day: tuple[int, int, int], due: tuple[int, int, int]) -> None:
    assert one_month_after(datetime(*day, 9, tzinfo=UTC)) == datetime(*due, 9, tzinfo=UTC)


def test_request_is_closed_once_and_a_refusal_says_why() -> None:
    request = open_request(actor=None, kind="objection", contact=make_contact(), source="letter")
    with pytest.raises(ValidationError, match="Say why"):
        close_request(actor=None, request=request, state="refused")
    closed = close_request(actor=None, request=request, state="refused", answer="Not ours")
    assert (closed.state, closed.is_open) == ("refused", False)
    with pytest.raises(ValidationError, match="closed already"):
        close_request(actor=None, request=request)


@pytest.mark.parametrize("role", ["manager", "sales", "readonly"])
def test_register_is_for_privacy_officers(role: str) -> None:
    user = make_user(role)
    with pytest.raises(NotAllowed):
        open_request(actor=user, kind="access", contact=make_contact())
    assert not PrivacyRequest.objects.exists()
    assert not PrivacyRequest.objects.visible_to(user).exists()


def test_correction_is_applied_at_once_but_for_the_address() -> None:
    contact = make_contact("Ada", "Byron", email="ada@example.org")
    request = correct_own_data(
        actor=None,
        contact=contact,
        changes={"last_name": "Lovelace", "email": "new@example.org"},
        source="own page",
    )
    assert request is not None
    assert request.is_open
    contact.refresh_from_db()
    assert contact.name == "Ada Lovelace"
    assert request.changes == {"applied": ["last_name"], "waiting": {"email": "new@example.org"}}
    assert contact.points.get().value == "ada@example.org"
    apply_correction(actor=None, request=request)
    assert contact.points.get().value == "new@example.org"
    assert TimelineEntry.objects.filter(contact=contact, kind="contact.request").count() == 1
    assert correct_own_data(actor=None, contact=contact, changes={"city": ""}, source="x") is None


def test_held_data_are_not_erased_until_the_hold_is_lifted() -> None:
    contact, admin = make_contact("Ada", "Lovelace", email="ada@example.org"), make_user("admin")
    hold = place_hold(actor=admin, contact=contact, reason="Lawsuit", until=date(2099, 1, 1))
    with pytest.raises(OnLegalHold, match=r"until 1 Jan 2099 \(Lawsuit\)"):
        erase_contact(actor=admin, contact=contact)
    contact.refresh_from_db()
    assert contact.name == "Ada Lovelace"
    request = open_request(actor=admin, kind="erasure", contact=contact)
    assert request.state == "held"
    assert release_ended_holds(actor=None) == 0
    lift_hold(actor=admin, hold=hold)
    assert release_ended_holds(actor=None) == 1
    request.refresh_from_db()
    carry_out_erasure(actor=admin, request=request)
    request.refresh_from_db()
    assert (request.state, request.source) == ("done", "")


def test_hold_that_ended_by_itself_holds_nothing() -> None:
    contact = make_contact()
    place_hold(actor=None, contact=contact, reason="Audit", until=timezone.now().date() - timedelta(days=1))
    erase_contact(actor=None, contact=contact)
    contact.refresh_from_db()
    assert contact.name == ""


def test_own_erasure_is_queued_or_immediate_by_policy() -> None:
    first, second = make_contact(email="a@example.org"), make_contact(email="b@example.org")
    assert ask_for_own_erasure(actor=None, contact=first, source="page", is_alone=True) == "queued"
    assert Suppression.objects.filter(address="a@example.org").exists()
    save_privacy_settings(actor=None, erase_on_request=True)
    assert ask_for_own_erasure(actor=None, contact=first, source="page", is_alone=False) == "queued"
    assert ask_for_own_erasure(actor=None, contact=second, source="page", is_alone=True) == "erased"
    assert [one.state for one in PrivacyRequest.objects.order_by("pk")] == ["open", "done"]


def test_restored_person_is_erased_again(settings: Any, tmp_path: Path, run_on_commit: Any) -> None:
    """What a restore does: the rows of before are back, the log beside the database is not touched."""
    settings.ERASURE_LOG = tmp_path / "log" / "erasures.jsonl"
    contact = make_contact("Ada", "Byron", email="ada@example.org")
    namesake = make_contact("Bob", "Byron", email="bob@example.org")
    with run_on_commit():
        erase_contact(actor=None, contact=contact)
    Contact.all_objects.filter(pk=contact.pk).update(name="Ada Byron", first_name="Ada", deleted_at=None)
    Erasure.objects.all().delete()
    Suppression.objects.all().delete()
    point = make_point(contact, value="ada@example.org")
    type(point).objects.filter(pk=point.pk).update(created_at=timezone.now() - timedelta(days=9))
    with run_on_commit():
        outcome = replay_erasures()
    assert (outcome.entries, outcome.erased, outcome.logged) == (1, 1, 0)
    contact.refresh_from_db()
    assert (contact.name, contact.first_name) == ("", "")
    assert not contact.points.exists()
    assert erased_among(["ada@example.org"]) == {"ada@example.org"}
    namesake.refresh_from_db()
    assert namesake.name == "Bob Byron"
    with run_on_commit():
        assert replay_erasures().erased == 0


def test_number_given_anew_after_a_restore_is_somebody_else(
    settings: Any, tmp_path: Path, run_on_commit: Any
) -> None:
    settings.ERASURE_LOG = tmp_path / "erasures.jsonl"
    contact = make_contact(email="ada@example.org")
    with run_on_commit():
        erase_contact(actor=None, contact=contact)
    Contact.all_objects.filter(pk=contact.pk).update(name="Zoe New", created_at=timezone.now())
    assert replay_erasures().erased == 0
    contact.refresh_from_db()
    assert contact.name == "Zoe New"


def test_line_that_we_did_not_sign_erases_nobody(settings: Any, tmp_path: Path) -> None:
    settings.ERASURE_LOG = tmp_path / "erasures.jsonl"
    contact = make_contact("Ada", "Lovelace")
    entry = (
        f'{{"token": "x", "contact": {contact.pk}, "contact_created_at":'
        f' "{contact.created_at.isoformat()}", "at": "2030-01-01T00:00:00+00:00", "digests": []}}'
    )
    settings.ERASURE_LOG.write_text(json.dumps({"entry": entry, "mac": "0" * 64}) + "\ntorn")
    outcome = replay_erasures()
    assert (outcome.entries, outcome.foreign) == (0, 1)
    contact.refresh_from_db()
    assert contact.name == "Ada Lovelace"
    out = StringIO()
    with pytest.raises(CommandError, match="1 entries of the erasure log are signed with another key"):
        call_command("replay_erasures", stdout=out)
    assert json.loads(out.getvalue()) == {
        "entries": 0,
        "erased": 0,
        "logged": 0,
        "foreign": 1,
        "refusals": 0,
        "refused": 0,
    }


def test_foreign_line_about_an_erasure_that_the_database_knows_is_of_no_concern(
    settings: Any, tmp_path: Path, run_on_commit: Any
) -> None:
    """The key was changed between the erasure and the backup."""
    settings.ERASURE_LOG = tmp_path / "erasures.jsonl"
    with run_on_commit():
        erase_contact(actor=None, contact=make_contact())
    settings.ERASURE_LOG.write_text(settings.ERASURE_LOG.read_text().replace('"mac": "', '"mac": "0'))
    with run_on_commit():
        assert replay_erasures().foreign == 0


def test_record_that_was_merged_after_the_backup_is_erased_again_without_an_address(
    settings: Any, tmp_path: Path, run_on_commit: Any
) -> None:
    settings.ERASURE_LOG = tmp_path / "erasures.jsonl"
    kept, merged = make_contact("Ada", "Byron", email="ada@example.org"), make_contact("A.", "Byron")
    merge_records(actor=None, record_type="contact", ids=[kept.pk, merged.pk])
    with run_on_commit():
        erase_contact(actor=None, contact=kept)
    Contact.all_objects.filter(pk=merged.pk).update(name="A. Byron", deleted_at=None)
    Erasure.objects.all().delete()
    with run_on_commit():
        assert replay_erasures().erased == 1
    merged.refresh_from_db()
    assert merged.name == ""
