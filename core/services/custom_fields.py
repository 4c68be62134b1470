"""Defining custom fields: everything that a definition says is checked here, before it says it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import F
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from core.conditions.tree import ConditionError
from core.custom_fields import rules
from core.custom_fields.cache import definitions_for, forget
from core.custom_fields.converting import LISTED, convert, option_of
from core.custom_fields.definition import Definition, Option, definition_of
from core.custom_fields.formula import FormulaError
from core.custom_fields.indexing import can_be_indexed
from core.custom_fields.names import PREFIX
from core.custom_fields.saving import formula_order, plain_kinds
from core.custom_fields.searching import SEARCHED
from core.custom_fields.values import clean_value, read, stored
from core.enums import CustomIndexState, CustomKind
from core.models import CustomField, Job
from core.registries import custom_fields as hosts
from core.registries import records
from core.registries.custom_fields import CustomHost
from core.scope.access import profile_for
from core.services.base import NotAllowed, StaleRecord, service
from core.services.jobs import enqueue_job

CAPABILITY = "manage_custom_fields"
MOST = 150
RESERVED = frozenset({"id", "email", "phone", "company", "tags", "points", "custom"})
SAMPLES = 8


def may_manage(user: Any) -> bool:
    return user is None or profile_for(user).can(CAPABILITY)


@service
def create_custom_field(*, actor: Any, record_type: str, label: str, kind: str, **values: Any) -> CustomField:
    """Add a field to a record type. Without `key` it is made of the label. Raises ValidationError by field,
    NotAllowed."""
    _require(actor)
    host = _host(record_type)
    if CustomField.objects.filter(record_type=record_type, archived_at__isnull=True).count() >= MOST:
        raise ValidationError(_("A record type takes at most %(limit)d custom fields.") % {"limit": MOST})
    values["key"] = values.get("key") or slugify(label).replace("-", "_").strip("_")[:40] or "field"
    row = CustomField(record_type=record_type, label=label, kind=kind, **values)
    _check(host, row, None)
    row.full_clean()
    row.index_state = CustomIndexState.WAITING if row.indexed or row.searchable else ""
    row.save()
    _after(actor, row, formula=row.kind == CustomKind.FORMULA, index=bool(row.index_state))
    return row


@service
def update_custom_field(
    *, actor: Any, field: CustomField, changes: dict[str, Any], expected_version: int | None = None
) -> CustomField:
    """Change a definition; its record type, key and kind stay. Options that are left out are retired: values
    that have them keep them. Raises ValidationError by field, StaleRecord, NotAllowed."""
    _require(actor)
    if wrong := {"record_type", "key", "kind"} & changes.keys():
        raise ValidationError({name: _("This can't be changed here.") for name in wrong})
    _hold(field, expected_version)
    before = CustomField.objects.get(pk=field.pk)
    for name, value in changes.items():
        setattr(field, name, value)
    if "options" in changes:
        field.options = _with_retired(field.options, before.options)
    _check(_host(field.record_type), field, before)
    field.full_clean()
    index = (before.indexed, before.searchable) != (field.indexed, field.searchable)
    if index:
        field.index_state = CustomIndexState.WAITING
    _save(field)
    _after(actor, field, formula=before.formula != field.formula, index=index)
    return field


@service
def archive_custom_field(*, actor: Any, field: CustomField, expected_version: int | None = None) -> None:
    """Take a field off every screen; the records keep its values, and restoring brings all of it back.
    Refused while other fields read it. Raises ValidationError, StaleRecord, NotAllowed."""
    _require(actor)
    _hold(field, expected_version)
    if users := readers_of(field):
        raise ValidationError(
            _("%(names)s read this field. Change them first.") % {"names": ", ".join(users)}
        )
    field.archived_at = timezone.now()
    _save(field)
    _after(actor, field, index=field.indexed or field.searchable)


@service
def restore_custom_field(*, actor: Any, field: CustomField, expected_version: int | None = None) -> None:
    """Bring an archived field back with the values that the records kept. Raises ValidationError, StaleRecord,
    NotAllowed."""
    _require(actor)
    _hold(field, expected_version)
    field.archived_at = None
    _check(_host(field.record_type), field, field)
    field.index_state = CustomIndexState.WAITING if field.indexed or field.searchable else ""
    _save(field)
    _after(actor, field, formula=field.kind == CustomKind.FORMULA, index=bool(field.index_state))


@dataclass(frozen=True)
class RetypePreview:
    """What another kind makes of a field's values: how many there are, how many fit, some that don't."""

    values: int
    fitting: int
    misfits: list[str]
    new_options: list[Option]

    @property
    def not_fitting(self) -> int:
        return self.values - self.fitting


def preview_retype(field: CustomField, kind: str) -> RetypePreview:
    """Try the conversion on every value without writing anything."""
    host, source = _host(field.record_type), definition_of(field)
    target = _retyped(source, CustomKind(kind))
    rows = host.model._base_manager.filter(custom__has_key=field.key)
    options = _new_options(source, target, rows)
    target = replace(target, options=target.options + tuple(options))
    total = fitting = 0
    misfits: list[str] = []
    for custom in rows.order_by("pk").values_list("custom", flat=True).iterator(chunk_size=2000):
        if read(source, custom) is None:
            continue
        total += 1
        try:
            convert(source, target, custom[field.key])
            fitting += 1
        except ValidationError:
            text = str(custom[field.key])[:60]
            if len(misfits) < SAMPLES and text not in misfits:
                misfits.append(text)
    return RetypePreview(total, fitting, misfits, options)


@service
def retype_custom_field(
    *, actor: Any, field: CustomField, kind: str, expected_version: int | None = None
) -> Job:
    """Give a field another kind; a job converts the values, those that don't fit are kept beside it and come
    back with the old kind. Raises ValidationError, StaleRecord, NotAllowed."""
    _require(actor)
    _hold(field, expected_version)
    if kind == field.kind or CustomKind.FORMULA in (kind, field.kind) or kind == CustomKind.LINK:
        raise ValidationError(_("A field can't become this kind. Add a new one."))
    if users := readers_of(field):
        raise ValidationError(
            _("%(names)s read this field. Change them first.") % {"names": ", ".join(users)}
        )
    options = preview_retype(field, kind).new_options
    before = {
        name: getattr(field, name) for name in ("record_type", "key", "label", "kind", "options", "ref_type")
    }
    field.kind, field.default, field.options_when = kind, None, {}
    field.options = [*field.options, *(asdict(option) for option in options)]
    definition = definition_of(field)
    field.indexed = field.indexed and can_be_indexed(definition)
    field.searchable = field.searchable and definition.value_kind in SEARCHED
    field.index_state = CustomIndexState.WAITING if field.indexed or field.searchable else ""
    _save(field)
    _after(actor, field, index=True)
    params = {"field": field.pk, "label": field.label, "before": before}
    return enqueue_job(actor=actor, kind="core.custom_retype", params=params)


def readers_of(field: CustomField) -> list[str]:
    """The labels of fields whose formula or conditions read this one."""
    host, found = _host(field.record_type), []
    definitions = {k: d for k, d in definitions_for(field.record_type).items() if k != field.key}
    every = definitions_for(field.record_type)
    formulas = dict(formula_order(every, plain_kinds(host.plain)))
    for key, one in definitions.items():
        trees = [one.visible_when, one.required_when, *one.options_when.values()]
        reads = any(PREFIX + field.key in rules.fields_in(tree) for tree in trees if tree is not None)
        if reads or (key in formulas and field.key in formulas[key].fields):
            found.append(one.label)
    return found


def _require(actor: Any) -> None:
    if not may_manage(actor):
        raise NotAllowed(_("Your role does not allow this."))


def _hold(field: CustomField, expected_version: int | None) -> None:
    """Hold a definition against the version that was read (None: not asked); `_save` holds it against the
    database."""
    if expected_version is not None and expected_version != field.version:
        raise StaleRecord(CustomField.objects.get(pk=field.pk))


def _host(record_type: str) -> CustomHost:
    host = hosts.get(record_type)
    if host is None:
        raise ValidationError({"record_type": _("This record type takes no custom fields.")})
    return host


def _save(field: CustomField) -> None:
    expected = field.version
    if not CustomField.objects.filter(pk=field.pk, version=expected).update(version=F("version") + 1):
        raise StaleRecord(CustomField.objects.get(pk=field.pk))
    field.version = expected + 1
    field.save()
    forget()


def _after(actor: Any, field: CustomField, *, formula: bool = False, index: bool = False) -> None:
    """Start the work that a changed definition leaves behind."""
    forget()
    if index:
        params = {"field": field.pk, "label": field.label}
        enqueue_job(actor=actor, kind="core.custom_index", params=params)
    if formula:
        params = {"record_type": field.record_type, "label": field.label}
        enqueue_job(actor=actor, kind="core.custom_formulas", params=params)


def _check(host: CustomHost, row: CustomField, before: CustomField | None) -> None:
    """Everything that the model alone can't say. Raises ValidationError by field."""
    own = {field.name for field in host.model._meta.get_fields()} | RESERVED
    if before is None and row.key in own:
        raise ValidationError({"key": _("The record type has a field of this name already.")})
    if row.kind not in CustomKind.values:
        raise ValidationError({"kind": _("Choose a kind.")})
    row.options = _checked_options(row)
    others = {k: d for k, d in definitions_for(row.record_type).items() if k != row.key}
    if row.kind == CustomKind.LINK and not _linkable(row.ref_type):
        raise ValidationError({"ref_type": _("Choose what the field links to.")})
    if row.kind != CustomKind.LINK:
        row.ref_type = ""
    if row.kind == CustomKind.FORMULA:
        _check_formula(host, row, others)
    else:
        row.formula = row.result_kind = ""
    definition = definition_of(CustomField(**_plain_values(row)))
    _check_default(row, definition)
    _check_conditions(host, row, others)
    if row.indexed and not can_be_indexed(definition):
        raise ValidationError({"indexed": _("Fields of this kind can't be indexed.")})
    if row.searchable and definition.value_kind not in SEARCHED:
        raise ValidationError({"searchable": _("Fields of this kind are not searched.")})


def _plain_values(row: CustomField) -> dict[str, Any]:
    names = (
        "record_type",
        "key",
        "label",
        "kind",
        "options",
        "ref_type",
        "formula",
        "result_kind",
        "indexed",
    )
    return {name: getattr(row, name) for name in names}


def _linkable(ref_type: str) -> bool:
    return records.known(ref_type) and bool(records.get(ref_type).search)


def _checked_options(row: CustomField) -> list[dict[str, Any]]:
    if row.kind not in LISTED:
        return []
    taken: set[str] = set()
    found: list[dict[str, Any]] = []
    for item in row.options or []:
        given: Mapping[str, Any] = item if isinstance(item, dict) else {"label": str(item)}
        label = " ".join(str(given.get("label") or given.get("value") or "").split())
        if not label:
            continue
        if len(label) > 80:
            raise ValidationError({"options": _("Use at most %(limit)d characters.") % {"limit": 80}})
        value = str(given.get("value") or option_of(label, taken).value)[:60]
        if value in taken:
            raise ValidationError({"options": _("“%(label)s” stands there twice.") % {"label": label}})
        taken.add(value)
        found.append(asdict(Option(value, label, bool(given.get("retired")))))
    if not any(not option["retired"] for option in found):
        raise ValidationError({"options": _("Type at least one option, each on a line of its own.")})
    if len(found) > 500:
        raise ValidationError({"options": _("Use at most %(limit)d options.") % {"limit": 500}})
    return found


def _with_retired(options: Any, before: Any) -> list[Any]:
    """The new options, each under the value that it had, and the old ones that are no longer there."""
    by_label = {str(old["label"]).casefold(): old for old in before or []}
    found = []
    for item in options or []:
        given = dict(item) if isinstance(item, dict) else {"label": str(item)}
        known = by_label.get(" ".join(str(given.get("label", "")).split()).casefold())
        if known is not None and not given.get("value"):
            given["value"] = known["value"]
        found.append(given)
    kept = {str(one.get("value")) for one in found}
    return [*found, *({**old, "retired": True} for old in before or [] if str(old["value"]) not in kept)]


def _check_formula(host: CustomHost, row: CustomField, others: Mapping[str, Definition]) -> None:
    """Compile it among the others, itself included, so that circles are found; keep what it gives."""
    row.result_kind = row.result_kind or CustomKind.TEXT
    tried = ""
    try:
        while tried != row.result_kind:
            tried = str(row.result_kind)
            one = definition_of(CustomField(**_plain_values(row)))
            order = dict(formula_order({**others, row.key: one}, plain_kinds(host.plain)))
            row.result_kind = order[row.key].kind.value
    except FormulaError as error:
        raise ValidationError({"formula": str(error)}) from error
    row.required, row.default = False, None


def _check_default(row: CustomField, definition: Definition) -> None:
    if row.default in (None, "", []):
        row.default = None
        return
    try:
        row.default = stored(definition, clean_value(definition, row.default))
    except ValidationError as error:
        raise ValidationError({"default": error.messages}) from error


def _check_conditions(host: CustomHost, row: CustomField, others: Mapping[str, Definition]) -> None:
    kinds = rules.kinds_of(host, others)
    for name in ("visible_when", "required_when"):
        tree = getattr(row, name)
        setattr(row, name, _checked(name, tree, kinds) if tree else None)
    values = {option["value"] for option in row.options}
    trees = row.options_when or {}
    if not isinstance(trees, dict) or set(trees) - values:
        raise ValidationError({"options_when": _("Name options of this field.")})
    row.options_when = {value: _checked("options_when", tree, kinds) for value, tree in trees.items() if tree}


def _checked(name: str, tree: Any, kinds: Mapping[str, Any]) -> dict[str, Any]:
    try:
        return rules.checked(tree, kinds)
    except ConditionError as error:
        raise ValidationError({name: str(error)}) from error


def _retyped(source: Definition, kind: CustomKind) -> Definition:
    return replace(source, kind=kind, result_kind="", default=None)


def _new_options(source: Definition, target: Definition, rows: Any) -> list[Option]:
    """Options for the words that the values hold, when a field becomes a choice."""
    if target.kind not in LISTED or source.kind in LISTED:
        return []
    taken = {option.value for option in target.options}
    labels = {option.label.casefold() for option in target.options}
    found: list[Option] = []
    for custom in rows.order_by("pk").values_list("custom", flat=True).iterator(chunk_size=2000):
        value = read(source, custom)
        label = " ".join(str(value).split()) if value is not None else ""
        if label and len(label) <= 80 and label.casefold() not in labels and len(found) < 100:
            found.append(option_of(label, taken))
            taken.add(found[-1].value)
            labels.add(label.casefold())
    return found
