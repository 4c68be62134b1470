"""Whatever is written by whatever service, and whatever time alone turns: every question kept = asked anew."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from contacts.models import Contact, KeptSegment, Segment, SegmentState
from contacts.segmentation.definitions import synchronise
from contacts.segmentation.upkeep import keep_up, width_of, write_bits
from contacts.services.segments import create_segment
from core.conditions.compile import compile_tree
from core.conditions.criteria import criteria_for
from core.conditions.tree import parse
from tests.segments.questions import questions
from tests.segments.world import kept_members
from tests.segments.writes import WRITES, Cast, happen, make_cast

pytestmark = pytest.mark.django_db
TIME = ("an_hour_later", "days_later", "the_next_turn")
happenings = st.lists(
    st.tuples(
        st.sampled_from([*WRITES, *TIME]),
        st.integers(0, 4),
        st.sampled_from([-40, -29, -1, 0, 1, 20]),
        st.integers(1, 60),
    ),
    min_size=4,
    max_size=24,
)


TIMED = {
    "created in_last", "last_activity in_last", "last_activity not_in_last", "last_order in_last", "works_at in",
    "activities.count in 30 days", "orders.count in 30 days", "purchases.total in 30 days", "worked_at in",
    "tickets.count in 30 days", "deals_opened.count in 30 days", "has_overdue_ticket is", "birthday_wrong is",
    "buying_role in", "cf_my_date in_last", "cf_my_date in_next", "cf_my_date not_in_last", "last_order not_in_last",
}  # fmt: skip
"""What time alone turns in `test_what_time_alone_turns…`, each of them demanded."""


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def make_segments(cast: Cast, wanted: Callable[[str], bool]) -> None:
    """A segment for each question that is wanted."""
    for name, rule in questions("contact", cast.refs):
        if wanted(name):
            create_segment(actor=None, name=name, rule=rule)
    keep_up(cast.now)
    assert not KeptSegment.objects.exclude(problem="").exists()


def one_of_each(cast: Cast) -> None:
    """One question by each criterion, all that compare with now, and a narrow one by each field of rows."""
    seen: set[str] = set()

    def wanted(name: str) -> bool:
        field, _space, kind = name.partition(" ")
        _op, _where, inner = kind.partition(" where ")
        part = f"{field.partition('.')[0]} {inner}" if inner else field
        new = part not in seen
        seen.add(part)
        return new or name in TIMED

    make_segments(cast, wanted)
    assert seen >= set(criteria_for("contact"))


@contextmanager
def _taken_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def test_kept_up_equals_anew_after_every_kind_of_write(cast: Cast) -> None:
    one_of_each(cast)
    people = list(cast.people)
    names = list(Segment.objects.filter(kind="dynamic").values_list("name", flat=True))
    exercised: set[str] = set()

    @settings(
        max_examples=8,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
        phases=[Phase.explicit, Phase.reuse, Phase.generate],
    )
    @given(happenings, st.sets(st.sampled_from(names), min_size=4, max_size=8))
    def property_(things: list[Any], asked: set[str]) -> None:
        with _taken_back():
            cast.people, cast.offset = list(people), timedelta(0)
            for number, (what, who, days, amount) in enumerate(things):
                _go_on(cast, what, who, days, amount)
                exercised.add(what)
                if number == len(things) // 2:
                    keep_up(cast.now)
            assert_kept_equals_anew(cast, asked)

    property_()
    assert len(exercised) > 20


def test_each_kind_of_write_is_seen(cast: Cast) -> None:
    """Each alone, so that no other write brings the contact back to be judged."""
    one_of_each(cast)
    before = ("belong", "relate_them", "order", "deal", "ask_for_help", "find_twice", "merge", "tag", "reach")
    for number, one in enumerate(before):
        happen(cast, one, number % 3, -1, 2 * number + 1)
    keep_up(cast.now)
    for what in sorted(WRITES):
        with _taken_back():
            for who, amount in ((0, 1), (1, 2), (2, 3), (0, 4), (4, 7)):
                happen(cast, what, who, -1, amount)
            assert_kept_equals_anew(cast, set())


def test_what_time_alone_turns_is_swept_by_what_is_due(cast: Cast) -> None:
    """Nobody writes anything any more; each turn is found at its moment and not before."""
    make_segments(cast, lambda name: name in TIMED)
    for number, (what, days) in enumerate(
        (what, days)
        for days in (-29, -20, 1, 20)
        for what in ("talk", "order", "edit", "fill_custom_fields", "leave")
    ):
        who = number + number // 5  # another of the five at each day, so that who leaves has not left before
        happen(cast, "belong", who, 0, 6)
        happen(cast, what, who, days, 2 * number + 1)
    for what in ("ask_for_help", "deal", "decide_deal"):
        happen(cast, what, 0, 0, 3)
    keep_up(cast.now)
    turned: set[str] = set()
    before = _members()
    for step in (0.1, 0.5, 1, 1, 8, 10, 15, 20, 40):
        cast.offset += timedelta(days=step)
        assert_kept_equals_anew(cast, set())
        after = _members()
        turned |= {name for name in after if after[name] != before[name]}
        before = after
    assert turned == TIMED


def _go_on(cast: Cast, what: str, who: int, days: int, amount: int) -> None:
    if what == "an_hour_later":
        cast.offset += timedelta(hours=1)
    elif what == "days_later":
        cast.offset += timedelta(days=amount)
    elif what == "the_next_turn":
        due = SegmentState.objects.order_by("due_at").values_list("due_at", flat=True).first()
        cast.offset += max(due - cast.now, timedelta(0)) if due else timedelta(0)
    else:
        happen(cast, what, who, days, amount)


def _members() -> dict[str, set[int]]:
    return {segment.name: kept_members(segment) for segment in Segment.objects.all()}


def assert_kept_equals_anew(cast: Cast, asked: set[str]) -> None:
    """The bits are those of everybody judged anew, and the `asked` questions have the answers of their own SQL."""
    now = cast.now
    keep_up(now)
    before = dict(SegmentState.objects.values_list("contact_id", "bits"))
    assert not SegmentState.objects.filter(due_at__lte=now).exists()
    for segment in Segment.objects.filter(name__in=asked):
        condition = compile_tree(parse(segment.rule), "contact", None, now=now)
        assert kept_members(segment) == set(Contact.objects.filter(condition).values_list("pk", flat=True)), (
            segment
        )
    SegmentState.objects.all().delete()
    kept = synchronise(now)
    write_bits(
        list(Contact.all_objects.values_list("pk", flat=True)), kept, now, width=width_of(kept), whole=True
    )
    after = dict(SegmentState.objects.values_list("contact_id", "bits"))
    titles = dict(Segment.objects.values_list("pk", "name"))
    names = {one.row.slot: titles[one.row.segment_id] for one in kept}
    wrong = {
        (pk, names[slot])
        for pk in before.keys() | after.keys()
        for slot in names
        if before.get(pk, "")[slot : slot + 1] != after.get(pk, "")[slot : slot + 1]
    }
    assert wrong == set()
