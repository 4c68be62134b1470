"""The filter menu of lists: choose a field, an operator and a value; the answer is a URL."""

from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from core.conditions.compile import compile_tree, usable_criteria
from core.conditions.criteria import VALUELESS, Criterion, Kind
from core.conditions.tree import ConditionError, Leaf
from core.conditions.words import OPERATOR_WORDS
from core.registries import aliases, records
from core.ui.list_query import ListQuery

LISTED = ("in", "not_in")
DAYS = ("in_last", "not_in_last", "in_next")


def offers(record_type: str, user: Any) -> bool:
    """Whether there is anything to filter by."""
    return any(one.listed for one in usable_criteria(record_type, user).values())


def offered(record_type: str, user: Any) -> list[Criterion]:
    """The criteria in the menu: listed ones whose fields the person may see."""
    return [one for one in usable_criteria(record_type, user).values() if one.listed]


@dataclass(frozen=True)
class FilterForm:
    """What the fragment shows: the field, its operators, and an input that suits both."""

    key: str
    label: str
    op: str
    operators: list[tuple[str, str]]
    widget: str  # choices, records, number, date, days, text, flag, none
    pair: bool
    choices: list[tuple[str, str, bool]] = field(default_factory=list)
    hint: str = ""
    values: list[str] = field(default_factory=list)
    options_url: str = ""
    error: str = ""

    @property
    def first(self) -> str:
        return self.values[0] if self.values else ""

    @property
    def second(self) -> str:
        return self.values[1] if len(self.values) > 1 else ""


class FilterRequest:
    """`?filter=stage&op=in&value=3&value=4` on a list's URL; without `op` the form is empty.

    `edit` names the parameter of a filter that is there and takes its place; others on the same field stay.
    `?filter=*` asks for the fields to choose from, as does a field that is not offered.
    """

    def __init__(self, query: ListQuery, params: QueryDict) -> None:
        self.query = query
        self.edited = params.get("edit", "")
        key = params.get("filter", "")
        found = usable_criteria(query.page.record_type, query.user).get(key)
        is_there = self.edited in query.params and self.edited.partition("__")[0] == key
        self.criterion = found if found is not None and (found.listed or is_there) else None
        ops = self.criterion.offered(params.get("op", "")) if self.criterion else ()
        self.op = params.get("op", "") if params.get("op", "") in ops else (ops[0] if ops else "")
        self.values = [value.strip() for value in params.getlist("value") if value.strip()]
        self.wants_form = params.get("form") == "1"
        self.error = ""
        self.valid = bool(self.criterion) and not self.wants_form and self._check(bool(params.get("op")))

    @property
    def is_complete(self) -> bool:
        return self.valid

    def context(self) -> dict[str, Any]:
        """What the fragment and the page show: the form of the filter, or the fields to choose from."""
        form = self.form()
        fields = [] if form else offered(self.query.page.record_type, self.query.user)
        return {"filter_form": form, "criteria": fields, "query": self.query}

    @property
    def template(self) -> str:
        return "ui/_filter_form.html" if self.criterion else "ui/_filter_fields.html"

    def _check(self, asked: bool) -> bool:
        if not asked or self.criterion is None:
            return False
        if self.op not in VALUELESS and not self.values:
            self.error = _("Choose or type a value.")
            return False
        try:
            compile_tree(
                Leaf(self.criterion.key, self.op, self._value()), self.query.page.record_type, self.query.user
            )
        except ConditionError as error:
            self.error = str(error)
            return False
        return True

    def _value(self) -> Any:
        if self.op in VALUELESS:
            return None
        return self.values if self.op in (*LISTED, "between") else self.values[0]

    def url(self) -> str:
        """The list with this filter, in place of the edited one, else of all on the same field."""
        assert self.criterion is not None
        key, first = self.criterion.key, self.criterion.ops[0]
        parameter = key if self.op == first else f"{key}__{self.op}"
        value = "1" if self.op in VALUELESS else ",".join(self.values)
        replaced = {name: None for name in self.query.params if name.partition("__")[0] == key}
        if self.edited in replaced:
            replaced = {self.edited: None}
        return self.query.query(**{**replaced, parameter: value})

    def form(self) -> FilterForm | None:
        criterion = self.criterion
        if criterion is None:
            return None
        return FilterForm(
            key=criterion.key,
            label=str(criterion.label),
            op=self.op,
            operators=[(op, str(OPERATOR_WORDS.get(op, op))) for op in criterion.offered(self.op)],
            widget=_widget(criterion, self.op),
            pair=self.op == "between",
            choices=_choices(criterion, self.values, self.query.user),
            values=self.values,
            options_url=reverse("core:options", args=[criterion.ref_type]) if criterion.ref_type else "",
            error=self.error,
            hint=str(criterion.hint),
        )


def _widget(criterion: Criterion, op: str) -> str:
    if op in VALUELESS:
        return "none"
    if criterion.kind == Kind.REF:
        return "records"
    if criterion.kind == Kind.CHOICE:
        return "choices"
    if criterion.kind == Kind.BOOL:
        return "flag"
    if criterion.kind == Kind.DATE:
        return "days" if op in DAYS else "date"
    return "number" if criterion.kind == Kind.NUMBER else "text"


def _choices(criterion: Criterion, values: list[str], user: Any) -> list[tuple[str, str, bool]]:
    if criterion.kind == Kind.REF:
        return chosen_records(criterion.ref_type, values, user)
    if criterion.choices is not None:
        chosen = values if criterion.spelt is None else [criterion.spelt(value) for value in values]
        return [(str(key), str(label), str(key) in chosen) for key, label in criterion.choices()]
    return []


def chosen_records(record_type: str, ids: list[str], user: Any) -> list[tuple[str, str, bool]]:
    """The records that a filter names already, so that editing it shows them."""
    if not records.known(record_type) or not ids:
        return []
    numbers = aliases.current_ids(record_type, [int(value) for value in ids if value.isdigit()])
    found = records.get(record_type).visible_to(user).filter(pk__in=numbers)[:50]
    return [(str(record.pk), str(record), True) for record in found]
