"""`segment_count SEGMENT` says how many people are in a segment and ends with one JSON line."""

import json
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from contacts.models import Segment
from contacts.segmentation.members import kept_row
from contacts.selectors.groups import members
from core.conditions.tree import ConditionError


class Command(BaseCommand):
    help = "Count the people in a segment, by its number or name."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("segment", help="the segment's number or its exact name")
        parser.add_argument(
            "--live", action="store_true", help="work it out from the records instead of the kept members"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        segment = _named(options["segment"])
        begun = time.perf_counter()
        try:
            kept = kept_row(segment, None) is not None and not options["live"]
            count = members(segment, None, live=options["live"]).count()
        except ConditionError as error:
            raise CommandError(str(error)) from error
        found = {
            "segment": segment.pk,
            "name": segment.name,
            "count": count,
            "kept": kept,
            "milliseconds": round((time.perf_counter() - begun) * 1000, 1),
        }
        self.stdout.write(json.dumps(found, ensure_ascii=False))


def _named(text: str) -> Segment:
    found = list(Segment.objects.filter(name=text).order_by("pk")[:2])
    if not found and text.isascii() and text.isdigit():
        found = list(Segment.objects.filter(pk=int(text)))
    if not found:
        raise CommandError(f"There is no segment “{text}”.")
    if len(found) > 1:
        raise CommandError(f"Several segments are called “{text}”; give its number.")
    return found[0]
