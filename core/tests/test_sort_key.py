"""The key by which lists order: the short way for plain letters says what the long way says."""

import string
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.text import LETTERS, sort_key


@given(st.text(alphabet=string.printable, max_size=300), st.integers(1, 250))
def test_plain_text_has_the_same_key_either_way(text: str, limit: int) -> None:
    folded = unicodedata.normalize("NFKD", " ".join(text.split()).casefold()).translate(LETTERS)
    assert sort_key(text, limit) == "".join(c for c in folded if not unicodedata.combining(c))[:limit]


@pytest.mark.parametrize(
    ("text", "key"), [("  Ångström  ÉLISE ", "angstrom elise"), ("Straße", "strasse"), ("ŁÓDŹ", "lodz")]
)
def test_letters_of_others_lose_their_marks(text: str, key: str) -> None:
    assert sort_key(text) == key
