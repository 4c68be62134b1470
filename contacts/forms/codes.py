"""Choosing a country or a language by name; the record holds the code."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from contacts.geo.names import country_called, country_choices
from contacts.languages import language_called, language_choices

Choices = Callable[[], Sequence[tuple[str, Any]]]


@lru_cache(maxsize=32)
def _options(choices: tuple[tuple[str, Any], ...]) -> SafeString:
    return format_html_join("", '<option value="{}">{}</option>', choices)


class CodeSelect(forms.Select):
    """A select written in Python, once for each language: Django draws each of two hundred countries by a template of
    its own, which costs as much as the rest of the page."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        chosen = format_html('"{}"', value or "")
        options = _options(tuple(self.choices)).replace(f"{chosen}>", f"{chosen} selected>", 1)
        own = flatatt(self.build_attrs({**self.attrs, "name": name}, attrs))
        return format_html("<select{}>{}</select>", own, mark_safe(options))  # noqa: S308 - escaped before


class CodeField(forms.ChoiceField):
    """A code that is chosen by its name, and found by typing where scripts run. A name that is sent instead means
    its code. A record's own code stays as it is, also where it has no name."""

    def __init__(self, choices: Choices, called: Callable[[str], str | None], **kwargs: Any) -> None:
        self._named, self._called = choices, called
        super().__init__(choices=self._offered, required=False, **kwargs)

    def _offered(self) -> list[tuple[str, Any]]:
        return [("", ""), *self._named()]

    def keep(self, code: str) -> None:
        """Offer the code that the record holds."""
        named = dict(self._named())
        if code and code not in named:
            meant = self._called(code) or ""
            self.choices = [*self._offered(), (code, named.get(meant, code))]

    def to_python(self, value: Any) -> str:
        text = str(value or "").strip()
        return text if self.valid_value(text) else self._called(text) or text


def country_field(label: Any, *, searchable: bool = True) -> CodeField:
    attrs = {"data-autocomplete": ""} if searchable else {}
    return CodeField(country_choices, country_called, label=label, widget=CodeSelect(attrs))


def language_field(label: Any) -> CodeField:
    widget = CodeSelect({"data-autocomplete": ""})
    return CodeField(language_choices, language_called, label=label, widget=widget)


def keep_codes(form: forms.BaseForm) -> None:
    """Offer what the record of the form holds already."""
    for name, field in form.fields.items():
        if isinstance(field, CodeField):
            field.keep(str(form.get_initial_for_field(field, name) or ""))
