"""How people and we talk to each other: apps report what their rows tell of a channel."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from contacts.profile.subject import Subject
from core.registries.profile import Rows


@dataclass(frozen=True)
class ChannelUse:
    """What happened over a channel. `tried` are our attempts that could be answered, `answered` those that
    were; `hours` counts by hour of the day when they spoke, wrote or answered."""

    key: str
    label: str
    by_us: int = 0
    by_them: int = 0
    tried: int = 0
    answered: int = 0
    hours: Counter[int] = field(default_factory=Counter)
    rows: tuple[Rows, ...] = ()

    @property
    def reached(self) -> int:
        """How often the channel worked from their side."""
        return self.by_them + self.answered

    def __add__(self, other: "ChannelUse") -> "ChannelUse":
        return ChannelUse(
            self.key,
            self.label,
            self.by_us + other.by_us,
            self.by_them + other.by_them,
            self.tried + other.tried,
            self.answered + other.answered,
            self.hours + other.hours,
            (*self.rows, *other.rows),
        )


Report = Callable[[Subject, Any], Iterable[ChannelUse]]
_reports: dict[str, Report] = {}


def register_channels(key: str, report: Report) -> None:
    """`report(subject, user)` tells of channels from rows in the user's scope."""
    _reports[key] = report


def channels_of(subject: Subject, user: Any) -> list[ChannelUse]:
    """One line a channel, the one that they use or answer most first."""
    found: dict[str, ChannelUse] = {}
    for report in _reports.values():
        for use in report(subject, user):
            found[use.key] = found[use.key] + use if use.key in found else use
    used = [use for use in found.values() if use.by_us or use.by_them or use.tried]
    return sorted(used, key=lambda use: (-use.reached, -use.by_us, use.key))
