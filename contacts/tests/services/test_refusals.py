"""Who says no stands in a log apart from the database, and a restored backup hears it again."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from contacts import refusal_log
from contacts.enums import Refusal, Sending
from contacts.models import Consent, Contact, ContactPreference, Suppression
from contacts.selectors.gate import refusal_for
from contacts.services.consents import lift_suppression, record_consent, suppress
from contacts.services.merging import merge_records
from contacts.services.parties import update_contact
from contacts.services.preferences import set_pace, stop_all
from contacts.services.privacy import erase_contact
from contacts.services.replaying_refusals import replay_refusals
from contacts.services.suppressions import import_suppressions
from contacts.tests.factories import make_contact
from core.outbox.dispatcher import drain
from core.tests.factories import make_user
from core.tests.importing.bring import bring

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def log(settings: Any, tmp_path: Path) -> Path:
    settings.ERASURE_LOG = tmp_path / "away" / "erasures.jsonl"
    return tmp_path / "away" / "refusals.jsonl"


def agreed(name: str) -> Contact:
    contact = make_contact(name, "Byron", email=f"{name.lower()}@example.org")
    record_consent(actor=None, contact=contact, state="granted", source="form")
    return contact


def restore() -> None:
    """What a restore does: the rows are those of before, the log beside the database is not touched."""
    Consent.objects.filter(state="withdrawn").delete()
    Contact.all_objects.update(do_not_contact=False)
    for model in (Suppression, ContactPreference):
        model.objects.all().delete()


def refusal(contact: Contact) -> Refusal | None:
    address = contact.points.get(kind="email").normalised
    return refusal_for(address=address, sending=Sending.MARKETING, contact=contact)


def test_noes_since_the_backup_are_said_again(log: Path) -> None:
    ada, bob, eve, zoe = agreed("Ada"), agreed("Bob"), agreed("Eve"), agreed("Zoe")
    stop_all(actor=None, contact=ada, source="their own page")
    update_contact(actor=None, contact=bob, changes={"do_not_contact": True})
    set_pace(actor=None, contact=eve, frequency="monthly", pause_weeks=4)
    withdrawn = record_consent(actor=None, contact=zoe, state="withdrawn", source="by phone")
    expected = [Refusal.SUPPRESSED, Refusal.DO_NOT_CONTACT, Refusal.PAUSED, Refusal.WITHDRAWN]
    assert [refusal(one) for one in (ada, bob, eve, zoe)] == expected
    drain()
    restore()
    assert [refusal(one) for one in (ada, bob, eve, zoe)] == [None] * 4

    outcome = replay_refusals()
    assert (outcome.lines, outcome.again, outcome.foreign) == (5, 5, 0)
    assert [refusal(one) for one in (ada, bob, eve, zoe)] == expected
    line = Consent.objects.get(contact=zoe, state="withdrawn")
    assert (line.at, line.purpose, line.channel, line.source) == (
        withdrawn.at,
        "marketing",
        "email",
        "restore",
    )
    assert ContactPreference.objects.get(contact=eve).frequency == "monthly"
    drain()
    assert replay_refusals().again == 0


def test_log_holds_no_personal_data(log: Path) -> None:
    # a name with letters past f: each line bears a digest, in whose hexadecimals "ada" stands now and then
    stop_all(actor=None, contact=agreed("Zoe"), source="Zoe Byron told us")
    drain()
    written = log.read_text().casefold()
    assert written
    assert [word for word in ("zoe", "byron", "example.org", "told us") if word in written] == []
    assert log.stat().st_mode & 0o777 == 0o600


def test_no_that_was_taken_back_is_not_said_again() -> None:
    ada = agreed("Ada")
    suppress(actor=None, address="ada@example.org", cause="unsubscribed")
    lift_suppression(actor=None, address="ada@example.org")
    update_contact(actor=None, contact=ada, changes={"do_not_contact": True})
    drain()
    update_contact(actor=None, contact=ada, changes={"do_not_contact": False})
    record_consent(actor=None, contact=ada, state="withdrawn", source="page")
    record_consent(actor=None, contact=ada, state="granted", source="page")
    drain()
    assert replay_refusals().again == 0
    assert refusal(ada) is None


@pytest.mark.parametrize("way", ["form", "file"])
def test_address_that_nobody_here_has_is_known_when_it_comes_back(way: str) -> None:
    suppress(actor=None, address="gone@example.org", cause="complained", reach="all")
    drain()
    restore()
    assert replay_refusals().again == 1
    row = Suppression.objects.get()
    assert (row.cause, row.reach, "gone" in row.address) == ("complained", "all", False)
    if way == "form":
        make_contact("Gone", "Girl", email="Gone@example.org")
    else:
        bring(make_user("admin"), "contacts", "First name,Last name,E-mail\nGone,Girl,Gone@example.org\n")
    assert Suppression.objects.get().address == "gone@example.org"
    assert refusal(Contact.objects.get(last_name="Girl")) == Refusal.SUPPRESSED
    assert replay_refusals().again == 0


def test_lists_and_files_of_people_are_written_down() -> None:
    import_suppressions(actor=None, text="one@example.org\ntwo@example.org\n", cause="unsubscribed")
    bring(
        make_user("admin"),
        "contacts",
        "First name,Last name,E-mail,Opted out of e-mail,Do not contact\n"
        "Ada,Byron,ada@example.org,yes,\nBob,Byron,bob@example.org,,yes\nEve,Byron,eve@example.org,no,no\n",
    )
    drain()
    lines = list(refusal_log.refusals())
    assert sorted(one.about for one in lines if one.refused) == ["address", "address", "address", "person"]
    restore()
    assert replay_refusals().again == 4
    assert {one.last_name: one.do_not_contact for one in Contact.objects.filter(first_name="Bob")} == {
        "Byron": True
    }
    assert Suppression.objects.filter(address="ada@example.org").exists()


def test_record_that_was_merged_after_the_backup_is_meant_too() -> None:
    kept, merged = agreed("Ada"), agreed("Adah")
    merge_records(actor=None, record_type="contact", ids=[kept.pk, merged.pk])
    kept.refresh_from_db()
    record_consent(actor=None, contact=kept, state="withdrawn", source="page")
    drain()
    restore()
    Contact.all_objects.filter(pk=merged.pk).update(deleted_at=None)
    replay_refusals()
    assert set(Consent.objects.filter(state="withdrawn").values_list("contact", flat=True)) == {
        kept.pk,
        merged.pk,
    }


def test_number_given_anew_after_a_restore_is_somebody_else() -> None:
    ada = agreed("Ada")
    update_contact(actor=None, contact=ada, changes={"do_not_contact": True})
    drain()
    Contact.objects.filter(pk=ada.pk).update(created_at=timezone.now(), do_not_contact=False)
    assert replay_refusals().again == 0


def test_nothing_is_said_of_whoever_was_erased(run_on_commit: Callable[[], Any]) -> None:
    ada = agreed("Ada")
    stop_all(actor=None, contact=ada, source="page")
    drain()
    with run_on_commit():
        erase_contact(actor=None, contact=ada)
    before = Consent.objects.count(), Suppression.objects.count()
    assert replay_refusals().again == 0
    assert (Consent.objects.count(), Suppression.objects.count()) == before


def test_foreign_line_that_the_database_cannot_know_stops_the_command(log: Path) -> None:
    agreed("Ada")
    log.parent.mkdir()
    line = {"about": "address", "at": "2999-01-01T00:00:00+00:00", "digest": "erased:00", "reach": "all"}
    old = {**line, "at": "1999-01-01T00:00:00+00:00"}
    log.write_text(
        "".join(json.dumps({"entry": json.dumps(one), "mac": "0" * 64}) + "\n" for one in (line, old))
        + "torn"
    )
    with pytest.raises(CommandError, match="1 entries of the erasure log are signed with another key"):
        call_command("replay_erasures")
    assert not Suppression.objects.exists()
