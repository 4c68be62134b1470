"""A line on its way from the file to the database, and what is known while an import runs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from core.enums import Action, ImportRowFate
from core.importing.problems import Problem
from core.importing.style import Style
from core.models import ImportBatch, Organisation, User
from core.scope.access import AccessProfile, profile_for


@dataclass(slots=True)
class Change:
    """One field of a record that a line changes: what it was and what it becomes."""

    field: str
    before: Any
    after: Any


@dataclass(slots=True)
class Row:
    """One line: its number in the file, its cells, the values made of them, and in the end its fate.

    `values` holds only fields whose cells were not blank. `object_id` is given where the row is to change
    a record that is known already (a person's decision), else the target finds it. `words` are cells as
    written, `extras` what a target works out for itself, `changes` what would become of the record (kept in a
    trial alone).
    """

    line: int
    cells: list[str]
    values: dict[str, Any]
    problems: list[Problem] = field(default_factory=list)
    fate: ImportRowFate | None = None
    object_id: int | None = None
    words: dict[str, str] = field(default_factory=dict)
    extras: dict[str, Any] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    original: int | None = None

    def fail(self, problem: Problem) -> None:
        self.fate = ImportRowFate.FAILED
        self.problems.append(problem)

    @property
    def undecided(self) -> bool:
        return any(problem.code in ("near", "unknown") for problem in self.problems)


class Mode(TextChoices):
    """What is done about rows that are here already, and about those that aren't."""

    UPSERT = "upsert", _("Create new ones and update those here")
    CREATE = "create", _("Create new ones only")
    UPDATE = "update", _("Update those here only")


class Rule(TextChoices):
    """Which value stays where record and row both have one."""

    OVERWRITE = "overwrite", _("Overwrite")
    FILL = "fill", _("Fill empty")
    NEWEST = "newest", _("Keep the newest")


@dataclass
class ImportContext:
    """What converting and applying need to know: who imports, in which style and currency, and what people
    decided about words (`decisions[field][word]`: a value, or None for “leave empty”)."""

    batch: ImportBatch
    actor: User | None
    style: Style
    currency: str
    zone: tzinfo
    country: str
    owner_id: int | None
    owner_team_id: int | None
    decisions: Mapping[str, Mapping[str, Any]]
    dry_run: bool = False
    memory: dict[str, Any] = field(default_factory=dict)

    @property
    def is_table(self) -> bool:
        """Whether spreadsheets write such files, and formulas into them."""
        return bool(self.batch.options.get("layout", {}).get("kind") != "vcard")

    @property
    def namespace(self) -> str:
        """The program whose keys the file holds; empty: nobody's in particular."""
        return str(self.batch.mapping.get("namespace", ""))

    @property
    def mode(self) -> Mode:
        return Mode(self.batch.mapping.get("mode", Mode.UPSERT))

    def rule(self, key: str) -> Rule:
        """What is done where both the record and the row have a value for the field."""
        mapping = self.batch.mapping
        return Rule(mapping.get("rules", {}).get(key) or mapping.get("rule") or Rule.OVERWRITE)

    def style_of(self, column: str) -> Style:
        """How the column writes dates and numbers."""
        own = self.batch.mapping.get("styles", {}).get(column)
        return Style(**own) if own else self.style

    @property
    def profile(self) -> AccessProfile | None:
        """None for the system, which may do everything."""
        return None if self.actor is None else profile_for(self.actor)

    def may(self, record_type: str, action: Action) -> bool:
        return self.profile is None or self.profile.allows(record_type, action)


def context_of(batch: ImportBatch, *, dry_run: bool = False) -> ImportContext:
    """The context of a batch, as its mapping and options say."""
    organisation = Organisation.objects.filter(pk=1).first() or Organisation()
    mapping, options = batch.mapping, batch.options
    owner = User.objects.filter(pk=options.get("owner")).first() if options.get("owner") else None
    return ImportContext(
        batch=batch,
        actor=batch.owner,
        style=Style(**mapping.get("style", {})),
        currency=mapping.get("currency") or organisation.base_currency,
        zone=ZoneInfo(organisation.time_zone),
        country=organisation.default_country,
        owner_id=owner.pk if owner else None,
        owner_team_id=owner.team_id if owner else None,
        decisions=mapping.get("decisions", {}),
        dry_run=dry_run,
    )
