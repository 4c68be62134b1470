"""How a preview writes the values that it read."""

from datetime import UTC, date, datetime

import pytest
from django.utils import timezone

from core.selectors.import_previews import in_words


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (datetime(2016, 10, 20, tzinfo=UTC), "20 Oct 2016"),
        (datetime(2016, 10, 20, 14, 5, tzinfo=UTC), "20 Oct 2016, 14:05"),
        (date(2016, 10, 20), "20 Oct 2016"),
        ("GTX Pro", "GTX Pro"),
        (3, "cell"),
    ],
)
def test_a_day_without_a_time_is_written_without_one(value: object, words: str) -> None:
    with timezone.override("UTC"):
        assert in_words(value, "cell") == words
