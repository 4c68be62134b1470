"""Which value each field of the record that stays gets: policies, administrators' rules, people's choices."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from contacts.enums import CompanyKind, LifecycleStage, MergePolicy
from contacts.models import Company, Contact, MergeRule

STAGES = (
    LifecycleStage.OTHER, LifecycleStage.SUBSCRIBER, LifecycleStage.LEAD, LifecycleStage.OPPORTUNITY,
    LifecycleStage.FORMER, LifecycleStage.CUSTOMER,
)  # fmt: skip
KINDS = (
    CompanyKind.PROSPECT, CompanyKind.COMPETITOR, CompanyKind.SUPPLIER, CompanyKind.PARTNER, CompanyKind.CUSTOMER,
)  # fmt: skip
CUSTOM = "custom."
"""How the names of custom fields begin among the choices."""


@dataclass(frozen=True)
class MergeField:
    """A field, or several that only make sense together (a sum and its currency), and its usual policy.
    `asked` is false where nobody may choose: the strictest wins."""

    name: str
    label: Any
    policy: MergePolicy = MergePolicy.SURVIVOR
    columns: tuple[str, ...] = ()
    order: tuple[Any, ...] = ()
    asked: bool = True

    @property
    def parts(self) -> tuple[str, ...]:
        return self.columns or (self.name,)


def _plain(model: Any, names: str, policy: MergePolicy = MergePolicy.SURVIVOR) -> tuple[MergeField, ...]:
    return tuple(MergeField(name, model._meta.get_field(name).verbose_name, policy) for name in names.split())


SURVIVOR, FULLEST, NEWEST, OLDEST = (
    MergePolicy.SURVIVOR,
    MergePolicy.FULLEST,
    MergePolicy.NEWEST,
    MergePolicy.OLDEST,
)
FIELDS: dict[Any, tuple[MergeField, ...]] = {
    Contact: (
        *_plain(Contact, "first_name last_name", FULLEST),
        *_plain(Contact, "salutation job_title"),
        MergeField("lifecycle_stage", _("lifecycle"), MergePolicy.FURTHEST, order=STAGES),
        MergeField("owner", _("owner"), columns=("owner_id", "team_id")),
        *_plain(Contact, "language time_zone country city birthday"),
        *_plain(Contact, "source", OLDEST),
        *_plain(Contact, "external_id"),
        *_plain(Contact, "description", MergePolicy.TOGETHER),
        MergeField("do_not_contact", _("do not contact"), MergePolicy.ANY, asked=False),
    ),
    Company: (
        *_plain(Company, "name"),
        MergeField("kind", _("kind"), MergePolicy.FURTHEST, order=KINDS),
        MergeField("owner", _("owner"), columns=("owner_id", "team_id")),
        *_plain(Company, "domain industry"),
        *_plain(Company, "employees", NEWEST),
        MergeField("annual_revenue", _("annual revenue"), NEWEST, columns=("annual_revenue", "currency")),
        *_plain(Company, "founded_year country city"),
        *_plain(Company, "source", OLDEST),
        *_plain(Company, "external_id"),
        *_plain(Company, "description", MergePolicy.TOGETHER),
    ),
}


def is_anonymous(record: Any) -> bool:
    """Whether nothing but a number is known of somebody: no name, or one that only repeats it."""
    if not isinstance(record, Contact):
        return False
    named = record.name.strip()
    return not named or bool(record.external_id and named.endswith(f" {record.external_id}"))


def survivors_first(records: Sequence[Any]) -> list[Any]:
    """The same, the first that is not anonymous before the others: an anonymous record never wins over a
    known one."""
    known = next((one for one in records if not is_anonymous(one)), records[0])
    return [known, *(one for one in records if one.pk != known.pk)]


def completeness(record: Any) -> int:
    """How many fields of a record are filled."""
    return sum(not _empty(_value(record, one)) for one in FIELDS[record.__class__]) + len(record.custom)


def proposed_order(records: Sequence[Any]) -> list[Any]:
    """The records as a page proposes them: known before anonymous, the fullest, then the oldest first."""
    return sorted(records, key=lambda one: (is_anonymous(one), -completeness(one), one.pk))


def rules_for(model: Any) -> dict[str, MergePolicy]:
    """The policy of each field: the administrators' rule where there is one."""
    usual = {one.name: one.policy for one in FIELDS[model]}
    rules = MergeRule.objects.filter(record_type=model.record_type).values_list("field", "policy")
    asked = {one.name for one in FIELDS[model] if one.asked}
    return usual | {name: MergePolicy(policy) for name, policy in rules if name in asked}


def source_of(field: MergeField, policy: MergePolicy, records: Sequence[Any]) -> Any:
    """The record whose value the policy takes; `records` begin with the survivor."""
    filled = [one for one in records if not _empty(_value(one, field))]
    if not filled:
        return records[0]
    pick: Callable[[MergeField, list[Any]], Any] = PICKS.get(policy, lambda _field, rows: rows[0])
    return pick(field, filled)


def _fullest(field: MergeField, rows: list[Any]) -> Any:
    first = str(_value(rows[0], field)).rstrip(".").casefold()
    longer = [one for one in rows if str(_value(one, field)).casefold().startswith(first)]
    return max(longer, key=lambda one: len(str(_value(one, field))), default=rows[0])


def _furthest(field: MergeField, rows: list[Any]) -> Any:
    places = {value: place for place, value in enumerate(field.order)}
    return max(rows, key=lambda one: places.get(_value(one, field), -1))


PICKS: dict[MergePolicy, Callable[[MergeField, list[Any]], Any]] = {
    MergePolicy.FULLEST: _fullest,
    MergePolicy.FURTHEST: _furthest,
    MergePolicy.NEWEST: lambda _field, rows: max(rows, key=lambda one: (one.updated_at, -one.pk)),
    MergePolicy.OLDEST: lambda _field, rows: min(rows, key=lambda one: (one.created_at, one.pk)),
}


def merged_values(
    records: Sequence[Any], choices: Mapping[str, int], rules: Mapping[str, MergePolicy]
) -> dict[str, Any]:
    """What the survivor (the first of `records`) gets that it does not have, by column. `choices` are record
    ids by field name. Raises ValidationError for an unknown field or a record that is not among them."""
    survivor, by_id = records[0], {one.pk: one for one in records}
    fields = FIELDS[survivor.__class__]
    _check(choices, {one.name for one in fields if one.asked}, by_id, records)
    values: dict[str, Any] = {}
    for field in fields:
        policy = rules.get(field.name, field.policy)
        chosen = by_id[choices[field.name]] if field.name in choices else None
        if chosen is None and policy == MergePolicy.TOGETHER:
            values[field.name] = together([getattr(one, field.name) for one in records])
        elif chosen is None and policy == MergePolicy.ANY:
            values[field.name] = any(getattr(one, field.name) for one in records)
        else:
            source = chosen or source_of(field, policy, records)
            values |= {name: getattr(source, name) for name in field.parts}
    values["custom"] = merged_custom(records, choices)
    return {name: value for name, value in values.items() if getattr(survivor, name) != value}


def merged_custom(records: Sequence[Any], choices: Mapping[str, int]) -> dict[str, Any]:
    """Custom values: the survivor's, what it lacks from the others in their order, chosen ones as chosen."""
    values: dict[str, Any] = {}
    for one in records:
        values = {**{key: value for key, value in one.custom.items() if not _empty(value)}, **values}
    by_id = {one.pk: one for one in records}
    for name, pk in choices.items():
        if name.startswith(CUSTOM):
            key = name.removeprefix(CUSTOM)
            values.pop(key, None)
            if key in by_id[pk].custom:
                values[key] = by_id[pk].custom[key]
    return values


def together(texts: Sequence[str]) -> str:
    """Different texts, one below the other."""
    return "\n\n".join(dict.fromkeys(text.strip() for text in texts if text.strip()))


PRIMARIES = {"contact": ("email", "phone", "mobile", "company"), "company": ("email", "phone")}
"""Whose primary address, number or company stays primary can be chosen too."""


def primaries_in(record_type: str, choices: Mapping[str, int]) -> list[tuple[str, int]]:
    return [(name, choices[name]) for name in PRIMARIES[record_type] if name in choices]


def _check(
    choices: Mapping[str, int], names: set[str], by_id: Mapping[int, Any], records: Sequence[Any]
) -> None:
    keys = {CUSTOM + key for one in records for key in one.custom}
    known = names | keys | set(PRIMARIES[records[0].record_type])
    wrong = [name for name, pk in choices.items() if name not in known or pk not in by_id]
    if wrong:
        text = _t("This can't be chosen: %(names)s.") % {"names": ", ".join(sorted(wrong))}
        raise ValidationError({"fields": text})


def _value(record: Any, field: MergeField) -> Any:
    return getattr(record, field.parts[0])


def _empty(value: Any) -> bool:
    return value is None or value == "" or value == []
