"""Choosing a country or a language by name; the record holds the code."""

from collections.abc import Callable, Sequence
from typing import Any

from django import forms

from contacts.geo.names import country_called, country_choices
from contacts.languages import language_called, language_choices

Choices = Callable[[], Sequence[tuple[str, Any]]]


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
    return CodeField(country_choices, country_called, label=label, widget=forms.Select(attrs))


def language_field(label: Any) -> CodeField:
    widget = forms.Select({"data-autocomplete": ""})
    return CodeField(language_choices, language_called, label=label, widget=widget)


def keep_codes(form: forms.BaseForm) -> None:
    """Offer what the record of the form holds already."""
    for name, field in form.fields.items():
        if isinstance(field, CodeField):
            field.keep(str(form.get_initial_for_field(field, name) or ""))
