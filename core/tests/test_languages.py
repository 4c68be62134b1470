"""The catalogues of German and Arabic: what the code says is there in both, with the same placeholders."""

import ast
import gettext
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import dates
from django.utils.translation.template import templatize

ROOMS = ("core", "contacts", "sales", "service", "marketing", "analytics", "crm_project")
CALLS = {"_", "_t", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy"}
WITH_CONTEXT = {"pgettext", "pgettext_lazy"}
TEMPLATE_CALL = re.compile(r"""\bn?gettext\(u?('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")""", re.DOTALL)
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w+\}")
BEHIND = 60
"""So many new texts may wait for `make messages` and their translation: those who write them rarely speak Arabic."""


def in_python(path: Path) -> Iterator[str]:
    """The keys of the catalogue that a module asks for."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        texts = [
            arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)
        ]
        if name in CALLS and texts:
            yield texts[0]
        elif name in WITH_CONTEXT and len(texts) > 1:
            yield f"{texts[0]}\x04{texts[1]}"


def in_template(path: Path) -> Iterator[str]:
    source = path.read_text(encoding="utf-8")
    if "trans" in source:
        for found in TEMPLATE_CALL.findall(templatize(source, origin=str(path))):
            yield ast.literal_eval(found)


@cache
def in_the_code() -> frozenset[str]:
    """Every text that is marked for translation, but for tests'."""
    found: set[str] = set()
    for room in ROOMS:
        for path in (settings.BASE_DIR / room).rglob("*.py"):
            if "tests" not in path.parts and "migrations" not in path.parts:
                found.update(in_python(path))
    for path in (settings.BASE_DIR / "templates").rglob("*.html"):
        found.update(in_template(path))
    return frozenset(text for text in found if text)


def catalogue(language: str) -> dict[str, list[str]]:
    """The compiled texts by key, a plural's forms together."""
    path = settings.BASE_DIR / "locale" / language / "LC_MESSAGES" / "django.mo"
    with path.open("rb") as file:
        compiled = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]
    found: dict[str, list[str]] = {}
    for key, text in compiled.items():
        found.setdefault(key[0] if isinstance(key, tuple) else key, []).append(text)
    return found


@pytest.mark.parametrize("language", ["de", "ar"])
def test_texts_are_translated(language: str) -> None:
    known = catalogue(language)
    missing = sorted(text for text in in_the_code() if not all(known.get(text, [""])))
    assert len(missing) <= BEHIND, f"{len(missing)} without {language}; run make messages: {missing[:20]}"


@pytest.mark.parametrize("language", ["de", "ar"])
def test_translations_keep_the_placeholders(language: str) -> None:
    wrong = []
    for key, forms in catalogue(language).items():
        wanted = set(PLACEHOLDER.findall(key))
        # a plural's first form may do without the number
        wrong += [(key, form) for form in forms if not set(PLACEHOLDER.findall(form)) >= wanted - {"%(n)s"}]
    assert not wrong, wrong[:5]


@pytest.mark.parametrize("language", ["de", "ar"])
def test_months_and_days_keep_their_names(language: str) -> None:
    """The framework asks the same catalogue for them: “May” is a month in every date, whatever a heading means."""
    names = {
        str(name) for group in (dates.MONTHS, dates.WEEKDAYS, dates.WEEKDAYS_ABBR) for name in group.values()
    }
    assert "May" in names
    assert not names & catalogue(language).keys()


def test_code_has_texts() -> None:
    assert len(in_the_code()) > 3000
    assert "Log call" in in_the_code()  # of a template
    assert "Weighted forecast" in in_the_code()  # of a module, by `_t`
