"""Why something failed: kept as the code says it, told in the language of who reads it."""

import pytest
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from core.reasons import Explained, Reason, as_json, reasons_of, told

OUTCOME = _("Won")


def test_reason_is_kept_as_the_code_says_it_whatever_language_is_set() -> None:
    with translation.override("de"):
        kept = Reason(_("Line %(line)s: %(error)s"), {"line": 7, "error": OUTCOME}).as_json()
    assert kept == {
        "words": "Line %(line)s: %(error)s",
        "values": {"line": 7, "error": {"words": "Won", "values": {}}},
    }
    with translation.override("de"):
        assert told([kept]) == "Zeile 7: Gewonnen"
    assert told([kept]) == "Line 7: Won"


def test_words_without_values_keep_their_percent_sign() -> None:
    assert str(Explained("50% of %(it)s")) == "50% of %(it)s"
    assert told(as_json(reasons_of(Explained("50% of %(it)s")))) == "50% of %(it)s"


def test_sentences_of_several_errors_stand_one_behind_the_other() -> None:
    nested = Explained(
        _("What was chosen is no longer possible: %(why)s"),
        why=ValidationError([_("This field is required."), ValidationError("%(n)d left", params={"n": 2})]),
    )
    assert told(as_json(nested.reasons)) == (
        "What was chosen is no longer possible: This field is required. 2 left"
    )
    assert str(nested) == told(as_json(nested.reasons))


def test_plural_of_the_framework_is_kept_as_the_sentence_it_made() -> None:
    with pytest.raises(ValidationError) as caught:
        MaxLengthValidator(2)("long")
    assert told(as_json(reasons_of(caught.value))) == (
        "Ensure this value has at most 2 characters (it has 4)."
    )
