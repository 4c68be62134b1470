"""Every kind of timeline entry, whichever app registered it, is drawn alike."""

import pytest
from django.template.loader import get_template
from django.utils import timezone

from contacts.models import TimelineEntry
from contacts.selectors.timeline import Line
from core.registries import timeline
from core.registries.timeline import TimelineKind


@pytest.mark.parametrize("kind", timeline.all_kinds(), ids=lambda kind: kind.key)
def test_a_line_says_the_hour_as_its_day_stands_above(kind: TimelineKind) -> None:
    at = timezone.localtime().replace(year=2026, month=3, day=5, hour=14, minute=7)
    entry = TimelineEntry(kind=kind.key, title="Title", object_id=7, occurred_at=at, data={})
    text = get_template(kind.template).render({"entry": entry, "line": Line(entry, kind, "")})
    assert ">14:07</time>" in text
