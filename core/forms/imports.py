"""Forms of the import pages."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from core.importing.problems import Suggestion
from core.importing.targets import ImportTarget
from core.models import ImportBatch, User, currency_code
from core.registries import imports
from core.scope.access import profile_for

LATER, NOTHING = "later", "nothing"


class UploadForm(forms.Form):
    """A file and what it holds."""

    target = forms.ChoiceField(label=_("What is in the file?"))
    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV (also packed with gzip) or XLSX. The first line names the columns."),
        error_messages={"empty": _("The file is empty."), "required": _("Choose a file.")},
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,.gz,.xlsx,text/csv"}),
        max_length=250,
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        allowed = [target for target in imports.all_targets() if target.allowed(profile_for(user))]
        field: Any = self.fields["target"]
        field.choices = [(target.key, target.label) for target in allowed]
        for item in self.fields.values():
            item.widget.attrs["class"] = "form-select" if item is field else "form-control"

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > settings.IMPORT_MAX_BYTES:
            raise forms.ValidationError(
                _("The file is larger than %(limit)s GB. Split it into smaller files.")
                % {"limit": round(settings.IMPORT_MAX_BYTES / 2**30, 1)}
            )
        return file


class MappingForm(forms.Form):
    """Which column fills which field, and how the file writes dates and amounts."""

    dates = forms.ChoiceField(
        label=_("Dates are written"),
        choices=[
            ("ymd", _("year-month-day (2026-03-31)")),
            ("dmy", _("day/month/year (31/03/2026)")),
            ("mdy", _("month/day/year (03/31/2026)")),
        ],
    )
    decimal = forms.ChoiceField(
        label=_("Decimals are written"),
        choices=[(".", _("with a point (1,234.50)")), (",", _("with a comma (1.234,50)"))],
    )  # fmt: skip
    currency = forms.CharField(
        label=_("Currency of the amounts"), max_length=3, validators=[currency_code], required=False
    )
    owner = forms.ModelChoiceField(
        label=_("Owner of rows that name none"), queryset=User.objects.none(), required=False, empty_label=_("Nobody")
    )  # fmt: skip

    def __init__(
        self, *args: Any, batch: ImportBatch, target: ImportTarget, user: Any, **kwargs: Any
    ) -> None:
        self.batch, self.target = batch, target
        mapping = batch.mapping
        style = mapping.get("style", {})
        kwargs["initial"] = {
            "dates": style.get("dates", "ymd"),
            "decimal": style.get("decimal", "."),
            "currency": mapping.get("currency", ""),
            "owner": batch.options.get("owner"),
        }
        super().__init__(*args, **kwargs)
        choices: list[tuple[str, Any]] = [("", _("Leave out"))]
        for item in target.visible_fields(profile_for(user)):
            star = " *" if item.required else ""
            choices.append((item.key, f"{item.label}{star}"))
        columns = mapping.get("columns", {})
        for index, name in enumerate(batch.options["header"]):
            self.fields[f"column_{index}"] = forms.ChoiceField(
                label=name, choices=choices, required=False, initial=columns.get(name, "")
            )
        owner: Any = self.fields["owner"]
        owner.queryset = User.objects.visible_to(user).filter(is_active=True).order_by("name", "pk")
        if not target.uses_currency:
            del self.fields["currency"]
        for field in self.fields.values():
            field.widget.attrs["class"] = (
                "form-control" if isinstance(field, forms.CharField) else "form-select"
            )

    def columns(self) -> Iterable[tuple[str, forms.BoundField]]:
        """(column name, field) in the file's order."""
        for index, name in enumerate(self.batch.options["header"]):
            yield name, self[f"column_{index}"]

    def clean_currency(self) -> str:
        return str(self.cleaned_data.get("currency") or "").upper()

    def mapping(self) -> dict[str, Any]:
        """What `map_import` takes."""
        data = self.cleaned_data
        columns = {
            name: data[f"column_{index}"]
            for index, name in enumerate(self.batch.options["header"])
            if data[f"column_{index}"]
        }
        mapping = {"columns": columns, "style": {"dates": data["dates"], "decimal": data["decimal"]}}
        if data.get("currency"):
            mapping["currency"] = data["currency"]
        return mapping


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
