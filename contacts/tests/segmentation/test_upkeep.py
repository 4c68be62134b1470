"""The keeper: filling, rules that change by whatever way, the bin, what can't be kept, and whom it tells."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connections, transaction
from django.utils import timezone

from contacts.events import PeopleEntered
from contacts.models import (
    Contact,
    KeptSegment,
    Segment,
    SegmentBacklog,
    SegmentPassage,
    SegmentState,
    SegmentTouch,
)
from contacts.segmentation import upkeep
from contacts.segmentation.members import kept_row
from contacts.segmentation.statement import unkept_reason
from contacts.segmentation.upkeep import Report, keep_up
from contacts.selectors.groups import members
from contacts.services.segment_upkeep import keep_segments_up
from contacts.services.segments import add_members, create_segment
from contacts.tests.factories import make_contact
from core.conditions.criteria import Criterion, Kind, criteria_for
from core.conditions.tree import Leaf
from core.jobs.running import run
from core.models import Job, OutboxEvent
from core.outbox.events import subscribe
from core.services.custom_fields import create_custom_field
from core.services.trash import delete_record, restore_record

pytestmark = pytest.mark.django_db
BERLIN = {"field": "city", "op": "is", "value": "Berlin"}
NOON = datetime(2026, 6, 15, 12, tzinfo=UTC)


def kept(segment: Segment) -> list[int]:
    """The members by the kept bits alone."""
    row = kept_row(segment, None)
    assert row is not None
    return sorted(members(segment, None).values_list("pk", flat=True))


def test_new_person_is_in_without_working_anything_out_anew() -> None:
    segment = create_segment(actor=None, name="B", rule=BERLIN)
    keep_up()
    ada = make_contact(city="Berlin")
    report = keep_up()
    assert (report.touched, report.entered, report.filled) == (1, 1, 0)
    assert kept(segment) == [ada.pk]


def test_rule_changed_by_raw_sql_is_filled_again_and_answered_live_meanwhile() -> None:
    ada = make_contact(city="Paris")
    segment = create_segment(actor=None, name="B", rule=BERLIN)
    keep_up()
    Segment.objects.filter(pk=segment.pk).update(rule={"field": "city", "op": "is", "value": "Paris"})
    segment.refresh_from_db()
    assert kept_row(segment, None) is None
    assert list(members(segment, None)) == [ada]
    keep_up()
    assert kept(segment) == [ada.pk]
    assert KeptSegment.objects.get(segment=segment).revision == 2


def test_segment_inside_another_takes_it_along() -> None:
    ada = make_contact(city="Paris")
    inner = create_segment(actor=None, name="inner", rule=BERLIN)
    outer = create_segment(
        actor=None, name="outer", rule={"field": "segment", "op": "in", "value": [inner.pk]}
    )
    keep_up()
    assert kept(outer) == []
    Segment.objects.filter(pk=inner.pk).update(rule={"field": "city", "op": "is", "value": "Paris"})
    keep_up()
    assert kept(outer) == [ada.pk]
    delete_record(actor=None, record=Segment.objects.get(pk=inner.pk))
    keep_up()
    assert kept(outer) == []


def test_person_in_the_bin_leaves_and_comes_back() -> None:
    ada = make_contact(city="Berlin")
    segment = create_segment(actor=None, name="B", rule=BERLIN)
    keep_up()
    delete_record(actor=None, record=ada)
    keep_up()
    assert kept(segment) == []
    assert not SegmentState.objects.exists()
    ada.refresh_from_db()
    restore_record(actor=None, record=ada)
    keep_up()
    assert kept(segment) == [ada.pk]
    assert list(SegmentPassage.objects.order_by("id").values_list("entered", flat=True)) == [False, True]


def test_rolled_back_write_touches_nobody() -> None:
    ada = make_contact(city="Paris")
    create_segment(actor=None, name="B", rule=BERLIN)
    keep_up()
    try:
        with transaction.atomic():
            Contact.objects.filter(pk=ada.pk).update(city="Berlin")
            raise RuntimeError
    except RuntimeError:
        pass
    assert not SegmentTouch.objects.exists()


def test_tables_that_no_rule_reads_cost_nothing() -> None:
    ada = make_contact(city="Berlin")
    create_segment(actor=None, name="B", rule=BERLIN)
    keep_up()
    SegmentTouch.objects.create(contact=ada, source="contacts_activity")
    report = keep_up()
    assert report.touched == 0
    assert not SegmentTouch.objects.exists()


def test_bulk_change_waits_in_the_backlog_once_each_and_fresh_changes_go_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The queue never grows with what is written about the same people, and an edit does not wait behind it."""
    monkeypatch.setattr(upkeep, "BATCH", 4)
    monkeypatch.setattr(upkeep, "TOUCHES", 6)
    people = [make_contact(city="Paris").pk for _n in range(20)]
    segment = create_segment(actor=None, name="B", rule=BERLIN)
    keep_up()
    for city in ("Rome", "Oslo", "Berlin"):
        Contact.objects.filter(pk__in=people).update(city=city)
    upkeep.keep_batch(timezone.now(), Report())
    assert not SegmentTouch.objects.exists()
    assert len(people) - 6 <= SegmentBacklog.objects.count() <= len(people)
    assert members(segment, None, fresh=True).count() == len(people)  # asked live while somebody waits
    Contact.objects.filter(pk=people[-1]).update(city="Paris")
    upkeep.keep_batch(timezone.now(), Report())
    assert people[-1] not in kept(segment)
    waiting = SegmentBacklog.objects.count()
    assert 0 < waiting < len(people)
    report = keep_up()
    assert (report.touched, SegmentBacklog.objects.count()) == (waiting, 0)
    assert kept(segment) == people[:-1]
    passages = list(SegmentPassage.objects.values_list("contact_id", "entered"))
    assert len(set(passages)) == len(passages)  # nobody entered twice


def test_backlog_leaves_out_what_no_rule_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upkeep, "TOUCHES", 2)
    ada = make_contact(city="Berlin")
    create_segment(actor=None, name="B", rule=BERLIN)
    keep_up()
    SegmentTouch.objects.bulk_create(SegmentTouch(contact=ada, source="contacts_activity") for _n in range(9))
    upkeep.keep_batch(timezone.now(), Report())
    assert not SegmentTouch.objects.exists()
    assert not SegmentBacklog.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_worker_does_not_wait_in_line_behind_another_keeper() -> None:
    ada = make_contact(city="Berlin")
    segment = create_segment(actor=None, name="B", rule=BERLIN)
    other = connections["default"].copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [upkeep.SOLE_KEY])
        assert keep_segments_up(actor=None).waiting
        assert kept_row(segment, None) is None
        # the server notices a closed connection only some time later
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [upkeep.SOLE_KEY])
    finally:
        other.close()
    assert not keep_segments_up(actor=None).waiting
    assert kept(segment) == [ada.pk]


def test_filling_is_resumed_where_it_stood(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upkeep, "BATCH", 2)
    people = [make_contact(city="Berlin").pk for _n in range(5)]
    segment = create_segment(actor=None, name="B", rule=BERLIN)
    assert upkeep.fill_batch(NOON) == 2
    assert KeptSegment.objects.get(segment=segment).filled_to == people[1]
    assert kept_row(segment, None) is None
    while upkeep.fill_batch(NOON) is not None:
        pass
    assert kept(segment) == people


def test_large_filling_is_a_job(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upkeep, "BATCH", 2)
    monkeypatch.setattr("contacts.services.segment_upkeep.FILL_AT_ONCE", 1)
    people = [make_contact(city="Berlin").pk for _n in range(4)]
    segment = create_segment(actor=None, name="B", rule=BERLIN)
    keep_segments_up(actor=None)
    job = Job.objects.get(kind="contacts.fill_segments")
    keep_segments_up(actor=None)
    assert Job.objects.filter(kind="contacts.fill_segments").count() == 1
    run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.error) == ("done", "")
    assert kept(segment) == people


def test_fixed_segment_has_a_history_too() -> None:
    ada = make_contact()
    segment = create_segment(actor=None, name="Guests", kind="static")
    keep_up()
    add_members(actor=None, segment=segment, contact_ids=[ada.pk])
    keep_up()
    assert list(SegmentPassage.objects.values_list("contact_id", "entered")) == [(ada.pk, True)]


def test_entries_are_published_once_and_filling_tells_nothing() -> None:
    @subscribe(PeopleEntered)
    def listen(event: PeopleEntered) -> None:
        """Only there so that the event is written."""

    try:
        make_contact(city="Berlin")
        segment = create_segment(actor=None, name="B", rule=BERLIN)
        keep_up()
        before = OutboxEvent.objects.filter(name=PeopleEntered.name).count()
        ada = make_contact(city="Berlin")
        keep_up()
        keep_up()
        events = OutboxEvent.objects.filter(name=PeopleEntered.name).order_by("id")[before:]
        assert [event.payload for event in events] == [{"segment_id": segment.pk, "contact_ids": [ada.pk]}]
        assert before == 0
    finally:
        from core.outbox import events as outbox

        outbox._handlers[PeopleEntered.name].pop()


def test_every_condition_on_contacts_can_be_kept_up() -> None:
    """None is asked afresh: those that time turns say when («swept by what is due» proves that they do)."""
    reasons = {
        f"{key} {op}": unkept_reason(Leaf(key, op), criterion)
        for key, criterion in criteria_for("contact").items()
        for op in criterion.ops
        if key != "segment"  # taken apart before: what stands in it is kept
    }
    assert {name: reason for name, reason in reasons.items() if reason} == {}


def test_condition_without_tables_is_asked_afresh_and_says_so() -> None:
    from core.conditions import criteria

    criteria.register(
        "contact", Criterion("mystery", "Mystery", Kind.BOOL, build=lambda op, value, user: BERLIN_Q)
    )
    try:
        ada = make_contact(city="Berlin")
        segment = create_segment(actor=None, name="M", rule={"field": "mystery", "op": "is", "value": True})
        keep_up()
        row = KeptSegment.objects.get(segment=segment)
        assert row.problem == "Mystery is asked afresh each time it is looked at."
        assert list(members(segment, None)) == [ada]
    finally:
        criteria._criteria["contact"].pop("mystery")


def test_custom_date_turns_at_midnight_by_itself() -> None:
    create_custom_field(actor=None, record_type="contact", label="Renewal", kind="date", key="renewal")
    ada = make_contact()
    Contact.objects.filter(pk=ada.pk).update(custom={"renewal": "2026-06-18"})
    soon = create_segment(actor=None, name="Soon", rule={"field": "cf_renewal", "op": "in_next", "value": 2})
    keep_up(NOON)
    assert kept(soon) == []
    assert SegmentState.objects.get().due_at == datetime(2026, 6, 16, tzinfo=UTC)
    keep_up(NOON + timedelta(hours=12))
    assert kept(soon) == [ada.pk]
    assert SegmentState.objects.get().due_at == datetime(2026, 6, 19, tzinfo=UTC)
    keep_up(datetime(2026, 6, 19, tzinfo=UTC))
    assert kept(soon) == []


def _berlin() -> Any:
    from django.db.models import Q

    return Q(city="Berlin")


BERLIN_Q = _berlin()
