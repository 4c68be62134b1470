"""The form of a custom field's definition: every part in words, conditions as one line each."""

import json
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from core.conditions.criteria import OPERATORS, VALUELESS, Kind
from core.conditions.words import OPERATOR_WORDS
from core.custom_fields.cache import definitions_for
from core.custom_fields.converting import LISTED
from core.custom_fields.definition import Definition, definition_of
from core.custom_fields.names import PREFIX
from core.custom_fields.rules import kinds_of
from core.custom_fields.values import read
from core.custom_fields.words import plain
from core.enums import CustomKind
from core.models import CustomField
from core.registries import custom_fields as hosts
from core.registries import records

CONDITIONS = ("visible", "required")
OPERATOR_CHOICES = [
    (op, OPERATOR_WORDS[op])
    for op in (
        "is",
        "is_not",
        "in",
        "not_in",
        "contains",
        "gte",
        "lte",
        "before",
        "after",
        "empty",
        "not_empty",
    )
]
MANY = ("in", "not_in", "between")


class CustomFieldForm(forms.Form):
    """`values` are what the service takes. A condition that is more than one line (made in the admin or by
    the API of the database) is kept as it is."""

    label = forms.CharField(label=_("Label"), max_length=80)
    key = forms.CharField(
        label=_("Key"),
        max_length=40,
        required=False,
        help_text=_(
            "Its name in the API and in files. Left empty it is made of the label; it never changes."
        ),
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=CustomKind.choices)
    options = forms.CharField(
        label=_("Options"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("One on each line. Those you take away stay on the records that have them."),
    )
    ref_type = forms.ChoiceField(label=_("Links to"), required=False)
    formula = forms.CharField(
        label=_("Formula"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
    )
    help_text = forms.CharField(label=_("Help"), max_length=300, required=False)
    section = forms.CharField(
        label=_("Section"),
        max_length=80,
        required=False,
        help_text=_("Fields of one section stand together on the record's page."),
    )
    position = forms.IntegerField(label=_("Position"), min_value=0, max_value=9999, initial=100)
    default = forms.CharField(label=_("Default"), max_length=500, required=False)
    required = forms.BooleanField(label=_("Required"), required=False)
    visible_field = forms.ChoiceField(label=_("Shown when"), required=False)
    visible_op = forms.ChoiceField(label=_("Comparison"), required=False, choices=OPERATOR_CHOICES)
    visible_value = forms.CharField(label=_("Value"), max_length=300, required=False)
    required_field = forms.ChoiceField(label=_("Required when"), required=False)
    required_op = forms.ChoiceField(label=_("Comparison"), required=False, choices=OPERATOR_CHOICES)
    required_value = forms.CharField(label=_("Value"), max_length=300, required=False)
    options_field = forms.ChoiceField(label=_("Options depend on"), required=False)
    options_map = forms.CharField(
        label=_("Option: values it goes with"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For example “Winter tyres: Car, Van”. Options that are not named go with everything."),
    )
    searchable = forms.BooleanField(label=_("Found by search"), required=False)
    indexed = forms.BooleanField(
        label=_("Indexed"),
        required=False,
        help_text=_("Large lists can be filtered and sorted by indexed fields only."),
    )
    personal = forms.BooleanField(
        label=_("Personal data"),
        required=False,
        initial=True,
        help_text=_("Told to the person who asks what is kept, and erased with them."),
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, record_type: str, field: CustomField | None = None) -> None:
        super().__init__(data, initial=initial_of(field) if field else {})
        self.record_type, self.field = record_type, field
        host = hosts.get(record_type)
        others = {k: d for k, d in definitions_for(record_type).items() if field is None or k != field.key}
        self.kinds: Mapping[str, Kind] = kinds_of(host, others) if host else {}
        self.labels = _labels(host, others)
        names = [("", _("—")), *sorted(self.labels.items(), key=lambda pair: pair[1].lower())]
        for name in ("visible_field", "required_field", "options_field"):
            self.fields[name].choices = names  # type: ignore[attr-defined]
        self.fields["ref_type"].choices = [  # type: ignore[attr-defined]
            ("", "—"),
            *((kind.key, kind.label) for kind in records.all_types() if kind.search is not None),
        ]
        known = [*(host.plain if host else ()), *others]
        self.fields["formula"].help_text = _t("Fields: %(names)s. For example: round(price * 12, 2)") % {
            "names": ", ".join(known) or "—"
        }
        if field is not None:
            self._keep_for(CustomKind(field.kind))
        self.fields["version"].widget.attrs["data-field-rules"] = json.dumps(self._rules())

    def _keep_for(self, kind: CustomKind) -> None:
        """Leave out what a field of this kind does not have; kind and key stay."""
        gone = {"kind", "key"}
        if kind not in LISTED:
            gone |= {"options", "options_field", "options_map"}
        if kind != CustomKind.LINK:
            gone.add("ref_type")
        gone |= {"default", "required"} if kind == CustomKind.FORMULA else {"formula"}
        for name in gone:
            del self.fields[name]

    def _rules(self) -> dict[str, Any]:
        """What the script shows and hides."""
        rules: dict[str, Any] = {}
        if "kind" in self.fields:

            def of(*kinds: str) -> dict[str, Any]:
                return {"visible": {"field": "kind", "op": "in", "value": [str(k) for k in kinds]}}

            for name in ("options", "options_field"):
                rules[name] = of(*LISTED)
            rules["ref_type"], rules["formula"] = of(CustomKind.LINK), of(CustomKind.FORMULA)
            for name in ("default", "required"):
                rules[name] = {"visible": {"not": of(CustomKind.FORMULA)["visible"]}}
        for name in CONDITIONS:
            there = {"field": f"{name}_field", "op": "not_empty", "value": None}
            rules[f"{name}_op"] = {"visible": there}
            no_value = {"field": f"{name}_op", "op": "not_in", "value": list(VALUELESS)}
            rules[f"{name}_value"] = {"visible": {"all": [there, no_value]}}
        rules["options_map"] = {"visible": {"field": "options_field", "op": "not_empty", "value": None}}
        return {name: rule for name, rule in rules.items() if name in self.fields}

    @cached_property
    def helper(self) -> FormHelper:
        helper = FormHelper(self)
        helper.form_tag, helper.disable_csrf = False, True
        return helper

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name in CONDITIONS:
            if data.get(f"{name}_field") and not self._has_value(data, name):
                self.add_error(f"{name}_value", _t("Type a value to compare with."))
        return data

    def _has_value(self, data: Mapping[str, Any], name: str) -> bool:
        return data.get(f"{name}_op") in VALUELESS or bool(data.get(f"{name}_value", "").strip())

    @property
    def values(self) -> dict[str, Any]:
        """What the service takes. Raises ValidationError by field."""
        data = dict(self.cleaned_data)
        data.pop("version", None)
        found = {
            name: value for name, value in data.items() if not name.endswith(("_field", "_op", "_value"))
        }
        found.pop("options_map", None)
        if "options" in found:
            found["options"] = [line.strip() for line in found["options"].splitlines() if line.strip()]
        for name in CONDITIONS:
            if self._is_simple(f"{name}_when"):
                found[f"{name}_when"] = self._tree(data, name)
        if "options_field" in self.fields and self._is_simple("options_when"):
            found["options_when"] = self._option_trees(data, found["options"])
        if self.field is None and not found.get("key"):
            found.pop("key", None)
        return found

    @property
    def expected_version(self) -> int | None:
        value = self.cleaned_data.get("version")
        return int(value) if value is not None else None

    def _is_simple(self, name: str) -> bool:
        return self.field is None or simple(getattr(self.field, name)) is not None

    def _tree(self, data: Mapping[str, Any], name: str) -> dict[str, Any] | None:
        field = data.get(f"{name}_field")
        if not field:
            return None
        op = data[f"{name}_op"]
        return leaf_of(
            field, op, data.get(f"{name}_value", ""), self.kinds[field], self._option_values(field)
        )

    def _option_values(self, name: str) -> dict[str, str]:
        """The values of another custom field's options by their labels."""
        one = definitions_for(self.record_type).get(name.removeprefix(PREFIX))
        return {option.label.casefold(): option.value for option in one.options} if one else {}

    def _option_trees(self, data: Mapping[str, Any], options: list[str]) -> dict[str, Any]:
        field = data.get("options_field")
        lines = [line for line in data.get("options_map", "").splitlines() if line.strip()]
        if not field:
            return {}
        mine = option_values(self.field, options)
        trees = {}
        for line in lines:
            label, _separator, words = line.rpartition(":")
            value = mine.get(label.strip().casefold())
            if value is None or not words.strip():
                raise ValidationError(
                    {
                        "options_map": _t(
                            "“%(line)s”: write an option of this field, a colon and the values it goes with."
                        )
                        % {"line": line[:80]}
                    }
                )
            trees[value] = leaf_of(field, "in", words, self.kinds[field], self._option_values(field))
        return trees


def leaf_of(field: str, op: str, text: str, kind: Kind, options: Mapping[str, str]) -> dict[str, Any]:
    """One line as a condition; labels of options are turned into their values, and operators into those that
    the kind has."""
    op = op if op in OPERATORS[kind] else {"is": OPERATORS[kind][0], "in": "is"}.get(op, OPERATORS[kind][0])
    words = [options.get(word.strip().casefold(), word.strip()) for word in text.split(",") if word.strip()]
    value: Any = (
        None if op in VALUELESS else words if op in MANY else options.get(text.casefold(), text.strip())
    )
    return {"field": field, "op": op, "value": value}


def option_values(field: CustomField | None, labels: list[str]) -> dict[str, str]:
    """The values that the options have, or will have, by their labels."""
    from core.custom_fields.converting import option_of

    known = {str(o["label"]).casefold(): str(o["value"]) for o in (field.options if field else [])}
    taken = set(known.values())
    for label in labels:
        key = label.casefold()
        if key not in known:
            known[key] = option_of(label, taken).value
            taken.add(known[key])
    return known


def simple(tree: Any) -> list[dict[str, Any]] | None:
    """The leaves of a condition that the form can show: none, one, or for options one each; None for more."""
    if not tree:
        return []
    leaves = (
        [tree]
        if "field" in tree
        else list(tree.values())
        if not {"all", "any", "not"} & tree.keys()
        else None
    )
    if leaves is None or any(not isinstance(leaf, dict) or "field" not in leaf for leaf in leaves):
        return None
    return leaves if len({leaf["field"] for leaf in leaves}) == 1 else None


def initial_of(field: CustomField) -> dict[str, Any]:
    """A definition as the form shows it."""
    one: Definition = definition_of(field)
    found = {name: getattr(field, name) for name in (
        "label", "key", "kind", "ref_type", "formula", "help_text", "section", "position", "required",
        "searchable", "indexed", "personal", "version",
    )}  # fmt: skip
    found["options"] = "\n".join(option.label for option in one.options if not option.retired)
    default = plain(one, read(one, {one.key: field.default})) if one.is_written else None
    found["default"] = "" if default is None else default
    for name in CONDITIONS:
        for leaf in (simple(getattr(field, f"{name}_when")) or [])[:1]:
            value = leaf["value"]
            found[f"{name}_field"], found[f"{name}_op"] = leaf["field"], leaf["op"]
            found[f"{name}_value"] = ", ".join(map(str, value)) if isinstance(value, list) else value
    trees = simple(field.options_when) and field.options_when
    if trees:
        found["options_field"] = next(iter(trees.values()))["field"]
        found["options_map"] = "\n".join(
            f"{one.label_of(value)}: {', '.join(map(str, tree['value']))}" for value, tree in trees.items()
        )
    return found


def _labels(host: Any, others: Mapping[str, Definition]) -> dict[str, str]:
    if host is None:
        return {}
    own = {name: str(host.model._meta.get_field(name).verbose_name).capitalize() for name in host.plain}
    return {**own, **{one.name: one.label for one in others.values()}}
