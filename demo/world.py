"""What the seeders share: the seed's random numbers, the day they count from, and who has been made."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

from core.models import Team, User

YEARS = 3


@dataclass
class World:
    """The state of one seeding. The same seed, size and day give the same data."""

    random: Random
    now: datetime
    contacts: int
    sellers: list[User] = field(default_factory=list)
    agents: list[User] = field(default_factory=list)
    marketers: list[User] = field(default_factory=list)
    teams: dict[str, Team] = field(default_factory=dict)

    @property
    def start(self) -> datetime:
        return self.now - timedelta(days=365 * YEARS)

    def moment(self, since: datetime | None = None, until: datetime | None = None) -> datetime:
        """A moment of a working day between two."""
        first, last = since or self.start, until or self.now
        seconds = max((last - first).total_seconds(), 1)
        moment = first + timedelta(seconds=self.random.random() * seconds)
        if moment.weekday() > 4:
            moment -= timedelta(days=2)
        return max(min(moment.replace(hour=self.random.randint(7, 16), microsecond=0), last), first)


def make_world(seed: int, contacts: int, today: str = "") -> World:
    day = datetime.fromisoformat(today).replace(tzinfo=UTC) if today else datetime.now(UTC)
    now = day.replace(hour=17, minute=0, second=0, microsecond=0)
    return World(Random(seed), min(now, datetime.now(UTC)), contacts)
