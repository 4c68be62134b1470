"""Forms of mapping a file: how it is read, which column fills what, and mappings under a name."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.importing.rows import Mode, Rule
from core.importing.targets import ImportTarget
from core.models import ImportBatch, User, currency_code
from core.scope.access import profile_for

DATES = [
    ("ymd", _("year-month-day (2026-03-31)")),
    ("dmy", _("day/month/year (31/03/2026)")),
    ("mdy", _("month/day/year (03/31/2026)")),
]
ENCODINGS = (
    "utf-8", "utf-16", "cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1256", "latin_1", "mac_roman", "cp850",
    "koi8_r", "shift_jis", "gb18030", "big5", "euc_kr",
)  # fmt: skip


PER_COLUMN = ("column_", "rule_", "dates_")


class ReadingForm(forms.Form):
    """How the file's text is read, where the guess was wrong."""

    encoding = forms.ChoiceField(label=_("Encoding"), required=False)
    delimiter = forms.ChoiceField(
        label=_("Values are divided by"),
        required=False,
        choices=[
            ("", _("Guess")),
            (",", ","),
            (";", ";"),
            ("\t", _("tab")),
            ("|", "|"),
            ("^", "^"),
            ("~", "~"),
        ],
    )

    def __init__(self, *args: Any, batch: ImportBatch, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"encoding": batch.encoding, "delimiter": batch.delimiter})
        super().__init__(*args, **kwargs)
        field: Any = self.fields["encoding"]
        known = dict.fromkeys((batch.encoding, *ENCODINGS))
        field.choices = [("", _("Guess")), *((name, name) for name in known if name)]
        for item in self.fields.values():
            item.widget.attrs["class"] = "form-select"


class MappingNameForm(forms.Form):
    """A mapping to keep."""

    name = forms.CharField(
        label=_("Name"), max_length=80, widget=forms.TextInput(attrs={"class": "form-control"})
    )
    shared = forms.BooleanField(
        label=_("For everybody who imports"),
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )


class MappingForm(forms.Form):
    """Which column fills which field, and how the file writes dates and amounts."""

    dates = forms.ChoiceField(
        label=_("Dates are written"),
        choices=DATES,
    )
    decimal = forms.ChoiceField(
        label=_("Decimals are written"),
        choices=[(".", _("with a point (1,234.50)")), (",", _("with a comma (1.234,50)"))],
    )  # fmt: skip
    mode = forms.ChoiceField(label=_("What is done"), choices=Mode.choices, required=False)
    rule = forms.ChoiceField(label=_("Where both have a value"), choices=Rule.choices, required=False)
    currency = forms.CharField(
        label=_("Currency of the amounts"), max_length=3, validators=[currency_code], required=False
    )
    namespace = forms.CharField(
        label=_("Whose ids they are"),
        max_length=20,
        required=False,
        help_text=_(
            "The program that gave the external ids, such as “erp”: so the 17 of one is not the 17 of another."
        ),
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
            "namespace": mapping.get("namespace", ""),
            "mode": mapping.get("mode", Mode.UPSERT),
            "rule": mapping.get("rule", Rule.OVERWRITE),
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
            self._add_column_choices(index, name, mapping, columns.get(name, ""))
        self._add_constants(target, mapping, user)
        if not any(item.of_program for item in target.visible_fields(profile_for(user))):
            del self.fields["namespace"]
        owner: Any = self.fields["owner"]
        owner.queryset = User.objects.visible_to(user).filter(is_active=True).order_by("name", "pk")
        if not target.uses_currency:
            del self.fields["currency"]
        for field in self.fields.values():
            field.widget.attrs["class"] = (
                "form-control" if isinstance(field, forms.CharField) else "form-select"
            )

    def _add_constants(self, target: ImportTarget, mapping: dict[str, Any], user: Any) -> None:
        """What all lines have in common that bring none of their own."""
        chosen, fields = (
            mapping.get("constants", {}),
            {f.key: f for f in target.visible_fields(profile_for(user))},
        )
        for key in target.fixed:
            item = fields.get(key)
            if item is None or item.resolver is None:
                continue
            options = [(str(option.value), option.label) for option in item.resolver.options(user)]
            self.fields[f"constant_{key}"] = forms.ChoiceField(
                label=_("%(field)s of lines that name none") % {"field": item.label},
                choices=[("", _("As it comes")), *options],
                required=False,
                initial=str(chosen.get(key, "")),
            )

    def options(self) -> Iterable[forms.BoundField]:
        """What is said once for the whole file."""
        return [field for field in self.visible_fields() if not field.name.startswith(PER_COLUMN)]

    def _constants(self) -> dict[str, Any]:
        """The chosen values; those of fields that are not offered here stay."""
        found = dict(self.batch.mapping.get("constants", {}))
        fields = self.target.field_map()
        for key in self.target.fixed:
            text = self.cleaned_data.get(f"constant_{key}")
            if text is None:
                continue
            resolver = fields[key].resolver
            found.pop(key, None)
            if text and resolver is not None:
                found[key] = resolver.option(text, None)
        return found

    def clean_namespace(self) -> str:
        return str(self.cleaned_data.get("namespace") or "").strip().lower()

    def _add_column_choices(self, index: int, name: str, mapping: dict[str, Any], key: str) -> None:
        """The rule of a column, and its dates where they could be read in more than one way."""
        self.fields[f"rule_{index}"] = forms.ChoiceField(
            label=_("Rule of “%(name)s”") % {"name": name},
            choices=[("", _("As below")), *Rule.choices],
            required=False,
            initial=mapping.get("rules", {}).get(key, ""),
        )
        if name not in mapping.get("dated", []):
            return
        doubtful = name in mapping.get("ambiguous", [])
        style = mapping.get("styles", {}).get(name) or mapping.get("style", {})
        self.fields[f"dates_{index}"] = forms.ChoiceField(
            label=_("Dates of “%(name)s”") % {"name": name},
            choices=[("", _("Choose")), *DATES[1:]] if doubtful else DATES,
            required=False,
            initial="" if doubtful else style.get("dates", "ymd"),
        )

    def columns(self) -> Iterable[dict[str, Any]]:
        """Each column in the file's order: name, field, rule, dates (or None) and whether those are doubtful."""
        for index, name in enumerate(self.batch.options["header"]):
            dates = f"dates_{index}"
            yield {
                "name": name,
                "field": self[f"column_{index}"],
                "rule": self[f"rule_{index}"],
                "dates": self[dates] if dates in self.fields else None,
            }

    def clean(self) -> dict[str, Any]:
        """A mapped column whose days and months can't be told apart is asked about."""
        data: dict[str, Any] = super().clean() or {}
        for index, name in enumerate(self.batch.options["header"]):
            doubtful = name in self.batch.mapping.get("ambiguous", [])
            if doubtful and data.get(f"column_{index}") and not data.get(f"dates_{index}"):
                self.add_error(
                    f"dates_{index}",
                    _("Day and month can't be told apart in this column. Choose which comes first."),
                )
        return data

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
        header = self.batch.options["header"]
        style = {"dates": data["dates"], "decimal": data["decimal"]}
        mapping: dict[str, Any] = {
            "columns": columns,
            "style": style,
            "styles": self._styles(style),
            "constants": self._constants(),
            "namespace": data.get("namespace", ""),
            "mode": data["mode"] or Mode.UPSERT.value,
            "rule": data["rule"] or Rule.OVERWRITE.value,
            "rules": {
                data[f"column_{i}"]: data[f"rule_{i}"]
                for i in range(len(header))
                if data[f"column_{i}"] and data[f"rule_{i}"]
            },
        }
        if data.get("currency"):
            mapping["currency"] = data["currency"]
        return mapping

    def _styles(self, style: dict[str, str]) -> dict[str, dict[str, str]]:
        """The columns that are written otherwise than the file."""
        guessed = self.batch.mapping.get("styles", {})
        styles = {}
        for index, name in enumerate(self.batch.options["header"]):
            own = {**style, **guessed.get(name, {})}
            own["dates"] = self.cleaned_data.get(f"dates_{index}") or style["dates"]
            if own["decimal"] != style["decimal"] and style != self.batch.mapping.get("style"):
                own["decimal"] = style["decimal"]
            if own != style:
                styles[name] = own
        return styles
