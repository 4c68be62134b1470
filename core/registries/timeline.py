"""Kinds of timeline entries: how each looks and who may see it. Entries themselves live in contacts."""

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise


@dataclass(frozen=True)
class TimelineKind:
    """A kind such as `deal.won`. `template` gets the entry as `entry`; `allowed(profile)` hides what the
    viewer has no right to (a ticket's entry needs the right to view tickets)."""

    key: str
    label: str | Promise
    icon: str
    template: str = "contacts/timeline/_plain.html"
    group: str = "other"  # `call`, `mail`, `note`, `meeting`, `change`, `deal`, `ticket`, `campaign`, `order`
    record_type: str = ""  # what `entry.object_id` is an id of
    tone: str = ""
    discloses: tuple[str, str] = ("", "")  # (record type, field) that it tells of: hidden where that is

    def allowed(self, profile: Any) -> bool:
        record_type, field = self.discloses
        if field and field in profile.hidden_fields(record_type):
            return False
        return not self.record_type or profile.allows(self.record_type, "view")


_kinds: dict[str, TimelineKind] = {}


def register(*kinds: TimelineKind) -> None:
    for kind in kinds:
        _kinds[kind.key] = kind


def get(key: str) -> TimelineKind | None:
    return _kinds.get(key)


def all_kinds() -> list[TimelineKind]:
    return list(_kinds.values())
