"""The words of consent: which are in force, which were, and how often each was agreed to."""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, QuerySet

from contacts.models import Consent, Wording
from contacts.purposes import all_purposes


@dataclass
class WordsOf:
    """One key: the purposes that ask by it, the newest words per language, and the older ones."""

    key: str
    purposes: list[str] = field(default_factory=list)
    in_force: list[Wording] = field(default_factory=list)
    older: list[Wording] = field(default_factory=list)


def words_by_key(user: Any) -> list[WordsOf]:
    """Every key with its words; each wording carries `agreed`, the lines of the ledger under it. Three queries."""
    found: dict[str, WordsOf] = {}
    for purpose in all_purposes():
        found.setdefault(purpose.wording, WordsOf(purpose.wording)).purposes.append(str(purpose.name))
    lines = Consent.objects.filter(wording_version__isnull=False).order_by().values("wording_version")
    agreed = {row["wording_version"]: row["n"] for row in lines.annotate(n=Count("pk"))}
    newest: set[tuple[str, str]] = set()
    rows: QuerySet[Any] = Wording.objects.visible_to(user)
    for row in rows.order_by("key", "-version", "language"):
        row.agreed = agreed.get(row.pk, 0)
        group = found.setdefault(row.key, WordsOf(row.key))
        is_newest = (row.key, row.language) not in newest
        newest.add((row.key, row.language))
        (group.in_force if is_newest else group.older).append(row)
    return list(found.values())
