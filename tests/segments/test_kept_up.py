"""Segments kept up by what changed equal segments worked out anew, whatever happens in whatever order."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from contacts.models import Contact, SegmentState
from contacts.segmentation.definitions import synchronise
from contacts.segmentation.upkeep import keep_up, width_of, write_bits
from tests.segments.world import (
    NOW,
    STILL,
    TIMED,
    World,
    check,
    happen,
    make_nested,
    make_people,
    make_segments,
)

pytestmark = pytest.mark.django_db
FEW = settings(
    max_examples=20,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
KINDS = (
    "order", "order", "order", "activity", "ticket", "move", "back-date", "delete", "bin", "restore", "solve",
    "consent", "tag", "edit", "bin contact", "restore contact", "company", "win", "take part", "bin deal", "guest",
    "time", "time", "time to the turn", "keep",
)  # fmt: skip
happenings = st.tuples(
    st.sampled_from(KINDS),
    st.integers(0, 3),
    st.sampled_from([-100.0, -90.0, -60.0, -45.5, -30.0, -20.0, -14.0, -7.0, -0.5, 0.0, 3.0, 10.0, 40.0]),
    st.integers(-400, 400),
)


class _Rollback(Exception):
    pass


def _in_a_world_of_its_own(work: Any) -> None:
    try:
        with transaction.atomic():
            work()
            raise _Rollback
    except _Rollback:
        pass


@pytest.fixture
def world() -> World:
    made = World()
    make_people(made)
    return made


def test_kept_up_equals_anew_equals_oracle_equals_history(world: World) -> None:
    make_segments(world, TIMED | STILL)
    oracles = {name: oracle for name, (_rule, oracle) in (TIMED | STILL).items()} | make_nested(world)
    keep_up(NOW)
    check(world, oracles)
    people = list(world.people)

    @FEW
    @given(st.lists(happenings, min_size=1, max_size=14))
    def property_(things: list[Any]) -> None:
        def work() -> None:
            world.now, world.people = NOW, list(people)
            for what, who, days, amount in things:
                happen(world, what, who, days, amount)
            check(world, oracles)
            _assert_full_recomputation_changes_nothing(world)

        _in_a_world_of_its_own(work)

    property_()


def _assert_full_recomputation_changes_nothing(world: World) -> None:
    before = dict(SegmentState.objects.values_list("contact_id", "bits"))
    SegmentState.objects.all().delete()
    kept = synchronise(world.now)
    write_bits(sorted(world.people), kept, world.now, width=width_of(kept), whole=True)
    after = dict(SegmentState.objects.values_list("contact_id", "bits"))
    assert after == before
    assert not SegmentState.objects.filter(due_at__lte=world.now).exists()


@pytest.mark.parametrize("name", sorted(TIMED))
def test_single_condition_turns_by_time_alone(world: World, name: str) -> None:
    """Nobody touches anything: only what `due_at` says brings a contact back to be judged."""
    rule, oracle = TIMED[name]
    make_segments(world, {name: (rule, oracle)})
    moments = (-95.0, -89.0, -59.0, -29.0, -29.0, -19.0, -13.0, -6.0, -3.0, 0.0, 2.0, 12.0, 33.0)
    for number, days in enumerate(moments):
        happen(world, "order", number % 3, days, 130 if number % 4 else -50)
        happen(world, "activity", (number + 1) % 3, days, number)
        happen(world, "ticket", (number + 2) % 3, days, 1)
    happen(world, "win", 0, -20.0, 1)
    for number, days in enumerate((-19.5, 4.0, 16.0)):
        Contact.objects.filter(pk=world.people[number]).update(last_activity_at=world.days(days))
    check(world, {name: oracle})
    steps = [timedelta(days=n) for n in (0.5, 1, 1, 2.5, 3, 5, 7, 9, 11, 14, 20, 31)]
    for step in steps:
        until = world.now + step
        while True:  # every turn on the way, at its exact moment, and one microsecond before it
            due = SegmentState.objects.filter(due_at__lte=until).order_by("due_at").first()
            if due is None or due.due_at is None:
                break
            world.now = max(world.now, due.due_at - timedelta(microseconds=1))
            check(world, {name: oracle})
            world.now = due.due_at
            check(world, {name: oracle})
        world.now = until
        check(world, {name: oracle})
