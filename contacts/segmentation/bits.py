"""Everybody's bits, one for each kept segment."""

from django.db.models import BooleanField, F, Func, QuerySet

from contacts.models import SegmentState


class _HasBit(Func):
    template = "substring(%(expressions)s from %(place)s for 1) = B'1'"
    output_field = BooleanField()
    conditional = True


def in_slot(slot: int) -> QuerySet[SegmentState]:
    """The states of those whose bit at `slot` is set."""
    rows: QuerySet[SegmentState] = SegmentState.objects.filter(_HasBit(F("bits"), place=int(slot) + 1))
    return rows
