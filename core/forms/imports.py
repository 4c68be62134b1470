"""Forms of the import pages."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from core.importing.layouts import AUTO, formats
from core.importing.problems import Suggestion
from core.importing.targets import ImportTarget
from core.registries import imports
from core.scope.access import profile_for

LATER, NOTHING = "later", "nothing"
ACCEPTED = ".csv,.txt,.tsv,.gz,.xlsx,.vcf,text/csv,text/vcard"
SOURCES = {"auto": _("Recognise it"), "csv": "CSV", "xlsx": "XLSX", "vcard": "vCard"}


class MendForm(forms.Form):
    """A file with mended lines."""

    file = forms.FileField(
        label=_("Mended file"),
        error_messages={"empty": _("The file is empty."), "required": _("Choose a file.")},
        widget=forms.FileInput(attrs={"accept": ACCEPTED, "class": "form-control"}),
        max_length=250,
    )


class UploadForm(forms.Form):
    """A file and what it holds."""

    target = forms.ChoiceField(label=_("What is in the file?"))
    file = forms.FileField(
        label=_("File"),
        help_text=_(
            "CSV (also packed with gzip), XLSX or vCard. The first line of a table names the columns."
        ),
        error_messages={"empty": _("The file is empty."), "required": _("Choose a file.")},
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
        max_length=250,
    )
    source = forms.ChoiceField(label=_("Where does it come from?"), required=False)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        allowed = [target for target in imports.all_targets() if target.allowed(profile_for(user))]
        field: Any = self.fields["target"]
        known = ("", _("Recognise it by its columns"))
        field.choices = [known, *((target.key, target.label) for target in allowed)]
        field.required = False
        sources: Any = self.fields["source"]
        labels = {layout.source: layout.label for layout in imports.layouts()}
        sources.choices = [(key, labels.get(key, SOURCES.get(key, key))) for key in formats()]
        for item in self.fields.values():
            item.widget.attrs["class"] = "form-select" if item in (field, sources) else "form-control"

    def clean_source(self) -> str:
        return self.cleaned_data["source"] or AUTO

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > settings.IMPORT_MAX_BYTES:
            raise forms.ValidationError(
                _("The file is larger than %(limit)s GB. Split it into smaller files.")
                % {"limit": round(settings.IMPORT_MAX_BYTES / 2**30, 1)}
            )
        return file


class WordsForm(forms.Form):
    """One choice for each word that is not known: what it means, nothing, or to be decided later.

    `words` are the entries of `waiting_words()` or of a trial's tally.
    """

    def __init__(
        self, *args: Any, words: Sequence[dict[str, Any]], target: ImportTarget, user: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.words, self.user, self.resolvers = words, user, {}
        fields = target.field_map()
        options: dict[str, list[Suggestion]] = {}
        for index, word in enumerate(words):
            field = fields.get(word["field"])
            if field is None or field.resolver is None:
                continue
            if field.key not in options:
                options[field.key] = field.resolver.options(user)[:200]
            self.resolvers[index] = field.resolver
            self.fields[f"word_{index}"] = self._choice(word, options[field.key], field.resolver.keeps_text)

    def _choice(self, word: dict[str, Any], options: list[Suggestion], keeps: bool) -> forms.ChoiceField:
        near = [(f"v:{item['value']}", item["label"]) for item in word.get("suggestions", [])]
        others = [(f"v:{item.value}", item.label) for item in options if f"v:{item.value}" not in dict(near)]
        choices: list[Any] = [(LATER, _("Decide later"))]
        if near:
            choices.append((_("Probably"), near))
        choices.append((NOTHING, _("Keep as it is written") if keeps else _("Leave empty")))
        if others:
            choices.append((_("Others"), others))
        return forms.ChoiceField(
            label=word["text"],
            choices=choices,
            initial=near[0][0] if len(near) == 1 else LATER,
            widget=forms.Select(attrs={"class": "form-select"}),
        )

    def rows(self) -> Iterable[tuple[dict[str, Any], forms.BoundField]]:
        """(word, field) pairs to show."""
        for index, word in enumerate(self.words):
            if f"word_{index}" in self.fields:
                yield word, self[f"word_{index}"]

    def decisions(self) -> dict[str, dict[str, Any]]:
        """The decided values by field and word; what was put off is left out. Raises KeyError for a value
        that is out of the person's scope by now."""
        decided: dict[str, dict[str, Any]] = {}
        for index, word in enumerate(self.words):
            choice = self.cleaned_data.get(f"word_{index}", LATER)
            if choice == LATER:
                continue
            resolver = self.resolvers[index]
            value = None if choice == NOTHING else resolver.option(choice.removeprefix("v:"), self.user)
            if choice == NOTHING and resolver.keeps_text:
                value = word["text"]
            decided.setdefault(word["field"], {})[word["text"]] = value
        return decided
