"""Duplicates from the database's side: scanning, deciding, going on after a crash, merging what is safe."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from contacts import duplicate_jobs
from contacts.enums import PairState
from contacts.models import (
    Address,
    CompanyDuplicate,
    Contact,
    ContactDuplicate,
    ContactPoint,
    MatchingSettings,
    MergeLog,
)
from contacts.selectors.duplicates import open_pairs, possible_companies, possible_contacts
from contacts.services import duplicate_scans
from contacts.services.duplicate_scans import conflicts, safe_groups
from contacts.services.duplicates import (
    dismiss_pair,
    follow_merge,
    follow_unmerge,
    start_scan,
    tune_matching,
)
from contacts.tests.factories import make_company, make_contact
from core.jobs.running import run
from core.models import Job
from core.outbox.dispatcher import drain
from core.services.base import NotAllowed
from core.tests.factories import make_role, make_team, make_user

pytestmark = pytest.mark.django_db


def make_pair(first: str = "Robert", other: str = "Bob", **values: Any) -> tuple[Any, Any]:
    """Two records of one person: the same mobile, a short form, one letter off."""
    number = values.pop("phone", "+4917012345678")
    return (
        make_contact(first, "Harrington", phone=number, **values),
        make_contact(other, "Harringtom", phone=number, **values),
    )


def scan(**params: Any) -> Job:
    job = run(start_scan(actor=None, wake=False, **params).pk)
    assert job is not None
    assert job.state == "done", job.error
    return job


def test_scan_finds_a_pair_once_and_keeps_what_was_decided() -> None:
    a, b = make_pair()
    make_contact("Robert", "Zimmermann", phone="+4917099999999")
    job = scan()
    assert (job.result["records"], job.result["pairs"]) == (3, 1)
    pair = ContactDuplicate.objects.get()
    assert (pair.a_id, pair.b_id, pair.state) == (a.pk, b.pk, PairState.OPEN)
    assert pair.score > 0.9
    assert (pair.levels["given"], pair.levels["surname"]) == ("nickname", "typo")
    dismiss_pair(actor=None, pair=pair)
    scan()
    assert ContactDuplicate.objects.get().state == PairState.DISMISSED


def test_scan_drops_a_pair_that_is_no_longer_alike() -> None:
    _a, b = make_pair()
    scan()
    b.points.all().delete()
    b.last_name = "Other"
    b.first_name = "Quentin"
    b.save()
    assert scan().result["gone"] == 1
    assert not ContactDuplicate.objects.exists()


def test_number_that_is_none_is_no_sign() -> None:
    make_pair()
    ContactPoint.objects.update(value="0123", normalised="0123")
    scan()
    assert not ContactDuplicate.objects.filter(score__gt=0.5).exists()


def test_scan_goes_on_after_a_crash(monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed after the first chunk was written, the successor writes the rest and nothing twice."""
    people = (
        ("Robert", "Bob"), ("William", "Bill"), ("Elizabeth", "Liz"), ("Margaret", "Peggy"), ("Richard", "Dick"),
        ("Edward", "Ted"),
    )  # fmt: skip
    for number, names in enumerate(people):
        make_pair(*names, phone=f"+4917012345{number}{number}{number}")
    monkeypatch.setattr("contacts.matching.comparing.CHUNK", 2)
    monkeypatch.setattr(duplicate_scans.scored_chunks, "__kwdefaults__", {"after": 0, "chunk": 2})
    written: list[int] = []
    original = duplicate_scans.write_pairs

    def dying(**values: Any) -> None:
        if len(written) == 2:
            written.append(0)
            raise KeyboardInterrupt
        original(**values)
        written.append(len(values["pairs"]))

    monkeypatch.setattr(duplicate_scans, "write_pairs", dying)
    waiting = start_scan(actor=None, wake=False)
    with pytest.raises(KeyboardInterrupt):
        run(waiting.pk)
    half = ContactDuplicate.objects.count()
    assert 0 < half < 6
    Job.objects.filter(pk=waiting.pk).update(lease_until=timezone.now() - timezone.timedelta(minutes=1))
    finished = run(waiting.pk)
    assert finished is not None
    assert finished.state == "done", finished.error
    assert ContactDuplicate.objects.count() == 6
    assert sum(written) == 6


def test_scan_running_already_is_not_started_twice() -> None:
    assert start_scan(actor=None, wake=False).pk == start_scan(actor=None, wake=False).pk


def test_scan_and_tuning_need_the_capability() -> None:
    seller = make_user("sales", make_team("North"))
    with pytest.raises(NotAllowed):
        start_scan(actor=seller)
    with pytest.raises(NotAllowed):
        tune_matching(actor=seller, kind="contact", review=0.5, safe=0.9)
    assert not MatchingSettings.objects.exists()
    assert not Job.objects.exists()


def test_companies_are_matched_without_their_legal_form() -> None:
    make_company("Müller Logistik GmbH & Co. KG", domain="mueller-logistik.example", country="DE")
    make_company("Mueller Logistik", domain="www.mueller-logistik.example", country="DE")
    scan(kinds=["company"])
    user = make_user("admin", None, is_superuser=True)
    (pair,) = open_pairs(user, "company")
    assert (pair.levels["name"], pair.levels["domain"]) == ("same", "same")


def test_lookup_finds_what_the_scan_finds() -> None:
    a, b = make_pair(city="Leeds")
    Address.objects.create(contact=a, street="Long Street 5", postcode="10115", city="Leeds")
    scan()
    user = make_user("admin", None, is_superuser=True)
    found = possible_contacts(user, first_name="Rob", last_name="Harrington", phone="+4917012345678")
    by_record = {one.record: one.reason for one in found}
    assert by_record == {
        a: "Same phone number; Rob is short for Robert; same, unusual surname",
        b: "Same phone number; Rob and Bob are forms of one name; surname one letter off",
    }


def test_lookup_finds_companies_by_name_and_domain() -> None:
    known = make_company("Acme Software Ltd", domain="acme.example")
    user = make_user("admin", None, is_superuser=True)
    assert [p.record for p in possible_companies(user, name="ACME Software", domain="acme.example")] == [
        known
    ]
    assert possible_companies(user, name="Zenith Foods") == []


def test_lookup_never_tells_of_what_is_out_of_scope() -> None:
    owner = make_user("sales", make_team("North"))
    make_contact("Robert", "Harrington", phone="+4917012345678", owner=owner)
    stranger = make_user(make_role("own", contact="view:own,add:own,change:own"), make_team("South"))
    for asker, number in ((owner, 1), (stranger, 0)):
        found = possible_contacts(asker, first_name="Bob", last_name="Harrington", phone="+4917012345678")
        assert len(found) == number


def test_pairs_are_seen_only_by_whom_both_are_visible_to() -> None:
    north, south = make_team("North"), make_team("South")
    owner = make_user(make_role("own", contact="view:own,add:own,change:own"), north)
    other = make_user("sales", south)
    a, b = make_pair(owner=owner)
    b.owner, b.team = other, south
    b.save()
    scan()
    boss = make_user("admin", None, is_superuser=True)
    assert open_pairs(owner, "contact").count() == 0
    assert open_pairs(boss, "contact").count() == 1
    pair = ContactDuplicate.objects.get()
    with pytest.raises(NotAllowed):
        dismiss_pair(actor=owner, pair=pair)
    assert ContactDuplicate.objects.get().state == PairState.OPEN
    assert a.pk == pair.a_id


def test_merge_settles_pairs_and_what_was_dismissed_is_passed_on() -> None:
    a, b = make_pair()
    c = make_contact("Roberta", "Harrington", phone="+4917012345678")
    scan()
    dismiss_pair(actor=None, pair=ContactDuplicate.objects.create(a=b, b=c, score=0.5))
    follow_merge(actor=None, kind="contact", survivor_id=a.pk, merged_ids=[b.pk])
    states = {(p.a_id, p.b_id): p.state for p in ContactDuplicate.objects.all()}
    assert states[a.pk, b.pk] == PairState.MERGED
    assert states[a.pk, c.pk] == PairState.DISMISSED
    follow_unmerge(actor=None, kind="contact", survivor_id=a.pk, merged_ids=[b.pk])
    assert ContactDuplicate.objects.get(a=a, b=b).state == PairState.DISMISSED


def test_safe_groups_leave_conflicts_to_people() -> None:
    a, b = make_pair(other="Robert", email="r.harrington@mail.example")
    c, d = make_pair(phone="+4917099999999", other="Robert", email="x.harrington@mail.example")
    c.birthday, d.birthday = timezone.datetime(1980, 5, 6).date(), timezone.datetime(1999, 7, 8).date()
    c.save()
    d.save()
    scan()
    assert safe_groups("contact") == [[a.pk, b.pk]]
    assert conflicts({"birthday": "different"}) == ["birthday=different"]


def test_what_is_made_twice_is_noted_at_once(run_on_commit: Any) -> None:
    with run_on_commit():
        a, b = make_pair()
        c, d = (
            make_company("Acme Logistics GmbH", domain="acme.example"),
            make_company("Acme Logistics", domain="acme.example"),
        )
    drain()
    drain()
    (pair,) = ContactDuplicate.objects.all()
    assert (pair.a_id, pair.b_id, pair.levels["mobile"]) == (a.pk, b.pk, "missing")
    (pair,) = CompanyDuplicate.objects.all()
    assert (pair.a_id, pair.b_id) == (c.pk, d.pk)
    (noted,) = ContactDuplicate.objects.values_list("score", "levels")
    scan()
    assert [(noted[0], noted[1])] == list(ContactDuplicate.objects.values_list("score", "levels"))


def test_merge_safe_merges_and_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    a, b = make_pair(other="Robert", email="r.harrington@mail.example")
    call_command("find_duplicates", "--merge-safe")
    line = capsys.readouterr().out.strip().splitlines()[-1]
    assert '"merged": 1' in line
    a.refresh_from_db()
    b.refresh_from_db()
    assert (a.deleted_at is None, b.deleted_at is None) == (True, False)


def test_a_killed_merge_of_safe_pairs_goes_on_and_counts_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(duplicate_jobs, "GROUPS_AT_ONCE", 1)
    for number in range(3):
        make_pair(
            f"Robert{number}",
            f"Robert{number}",
            phone=f"+49170123456{number}0",
            email=f"h{number}@mail.example",
        )
    merge, merges = duplicate_jobs.merge_many, iter((True, False))

    def dies_at_the_second(**values: Any) -> Any:
        if not next(merges, True):
            raise KeyboardInterrupt
        return merge(**values)

    monkeypatch.setattr(duplicate_jobs, "merge_many", dies_at_the_second)
    job = start_scan(actor=None, wake=False, merge_safe=True)
    with pytest.raises(KeyboardInterrupt):
        run(job.pk)
    assert Contact.objects.count() == 5
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    done = run(job.pk)
    assert done is not None
    assert (done.state, done.result["merged"], Contact.objects.count()) == ("done", 3, 3)
    assert MergeLog.objects.filter(reason="Safe duplicates", origin="job").count() == 3
