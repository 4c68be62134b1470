"""What a dry run found: fates, kinds of problems with their first lines, words to decide, what would change."""

from typing import Any

from core.enums import ImportRowFate
from core.importing.problems import UNDECIDED
from core.importing.rows import Row
from core.importing.targets import ImportTarget

KINDS_KEPT = 200
WORDS_KEPT = 300
LINES_SHOWN = 5


class Tally:
    """Counts over the whole file, small enough for a checkpoint."""

    def __init__(self, saved: dict[str, Any] | None = None) -> None:
        saved = saved or {}
        self.fates: dict[str, int] = saved.get("fates", {fate.value: 0 for fate in ImportRowFate})
        self.problems: dict[str, dict[str, Any]] = saved.get("problems", {})
        self.words: dict[str, dict[str, Any]] = saved.get("words", {})
        self.changed: dict[str, int] = saved.get("changed", {})
        self.noted: int = saved.get("noted", 0)

    def add(self, rows: list[Row], target: ImportTarget) -> None:
        later = {item.key for item in target.all_fields() if item.later}
        for row in rows:
            self.fates[(row.fate or ImportRowFate.SKIPPED).value] += 1
            self.noted += bool(row.problems) and row.fate != ImportRowFate.FAILED
            if row.fate == ImportRowFate.UPDATED:
                self._diff(row)
            for problem in row.problems:
                if problem.code in UNDECIDED and problem.field not in later:
                    self._word(problem.as_json())
                elif problem.code not in UNDECIDED:
                    self._problem(problem.as_json(), row.line)

    def _diff(self, row: Row) -> None:
        """What would become of the record, field by field; the ledger has it line by line."""
        for change in row.changes:
            self.changed[change.field] = self.changed.get(change.field, 0) + 1

    def _word(self, item: dict[str, Any]) -> None:
        key = f"{item['field']}\n{item['text']}"
        if key in self.words or len(self.words) < WORDS_KEPT:
            entry = self.words.setdefault(key, {**item, "rows": 0})
            entry["rows"] += 1

    def _problem(self, item: dict[str, Any], line: int) -> None:
        key = f"{item.get('column', '')}\n{item['message']}"
        if key in self.problems or len(self.problems) < KINDS_KEPT:
            entry = self.problems.setdefault(key, {**item, "rows": 0, "lines": []})
            entry["rows"] += 1
            if len(entry["lines"]) < LINES_SHOWN:
                entry["lines"].append(line)

    def counts(self) -> dict[str, Any]:
        review = sum(word["rows"] for word in self.words.values())
        noted = {"noted": self.noted, "review": review}
        return {"rows": sum(self.fates.values()), **self.fates, **noted, "error_file": None}

    def as_json(self) -> dict[str, Any]:
        return {
            "fates": self.fates,
            "problems": self.problems,
            "words": self.words,
            "changed": self.changed,
            "noted": self.noted,
        }
