"""A file that mends the failed lines of an earlier import: those lines are taken, no others, and each once."""

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from core.enums import ImportRowFate
from core.importing.reading import OWN_COLUMNS, Line
from core.models import ImportBatch, ImportRow


class Mended:
    """Which lines of a file mend something.

    A line is known by the number in the column that the error file added, or, in the first file sent in
    again as a whole, by its own number.
    """

    def __init__(self, batch: ImportBatch, header: Sequence[str]) -> None:
        self._column = header.index(OWN_COLUMNS[0]) if OWN_COLUMNS[0] in header else None
        self._failed = set(
            ImportRow.objects.filter(batch=batch.corrects_id, fate=ImportRowFate.FAILED).values_list(
                "line", flat=True
            )
        )
        again = ImportRow.objects.filter(batch__corrects=batch.corrects_id, original_line__isnull=False)
        done = again.exclude(fate=ImportRowFate.FAILED)
        self._failed -= set(done.values_list("original_line", flat=True))

    def marked(self, lines: Iterator[Line]) -> Iterator[Line]:
        """The lines, each with the line that it mends or the reason why it is passed over."""
        for line in lines:
            number = self._number(line)
            if number in self._failed:
                self._failed.discard(number)
                line.original = number
            elif not line.error:
                line.skip = _("it mends no failed line of the import.")
            yield line

    def _number(self, line: Line) -> int:
        if self._column is None:
            return line.number
        text = line.cells[self._column].strip() if self._column < len(line.cells) else ""
        return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0
