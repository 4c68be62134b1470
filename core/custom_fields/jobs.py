"""Long work on custom fields: indexes, formulas of all rows, values of another kind."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy

from core.custom_fields.cache import definitions_for
from core.custom_fields.converting import convert
from core.custom_fields.definition import Definition, definition_of
from core.custom_fields.indexing import NotOwner, renew_indexes
from core.custom_fields.saving import work_out
from core.custom_fields.values import read, stored
from core.enums import CustomIndexState, CustomKind
from core.jobs.kinds import job_kind
from core.jobs.running import JobFailed, JobRun
from core.models import CustomField
from core.registries import custom_fields as hosts

SLICE = 1000
Change = Callable[[dict[str, Any]], dict[str, Any]]


@job_kind("core.custom_index", title=gettext_lazy("Index “%(label)s”"))
def build_indexes(run: JobRun) -> None:
    """Make or drop the indexes of a field; tried again as a whole after a crash."""
    pk = run.params["field"]
    try:
        state = renew_indexes(pk)
    except NotOwner as error:
        raise JobFailed(str(error)) from error
    except Exception:  # whatever the server said: the field's page must tell it, the job keeps the reason
        CustomField.objects.filter(pk=pk).update(
            index_state=CustomIndexState.FAILED, updated_at=timezone.now()
        )
        raise
    run.finish_with(state=state)


@job_kind("core.custom_formulas", title=gettext_lazy("Work out “%(label)s”"))
def work_out_formulas(run: JobRun) -> None:
    """Work out the formulas of a type's rows again, after one of them has changed."""
    host = hosts.get(run.params["record_type"])
    if host is None:
        raise JobFailed(gettext_lazy("This record type is no longer there."))
    definitions = definitions_for(host.record_type)

    def change(row: dict[str, Any]) -> dict[str, Any]:
        custom = row["custom"]
        values = {key: read(one, custom) for key, one in definitions.items()}
        work_out(definitions, row, values)
        result = dict(custom)
        for key, one in definitions.items():
            if one.kind == CustomKind.FORMULA:
                result.pop(key, None)
                if values[key] is not None:
                    result[key] = stored(one, values[key])
        return result

    _every_row(run, host, change)


@job_kind("core.custom_retype", title=gettext_lazy("Convert “%(label)s”"))
def retype_values(run: JobRun) -> None:
    """Turn a field's values into its new kind. What does not fit is kept beside it under `key~kind` and comes
    back when the field gets its old kind again."""
    row = CustomField.objects.get(pk=run.params["field"])
    host = hosts.get(row.record_type)
    if host is None:
        raise JobFailed(gettext_lazy("This record type is no longer there."))
    target = definition_of(row)
    source = definition_of(CustomField(**{**run.params["before"], "pk": row.pk}))
    _every_row(run, host, lambda values: retyped(source, target, values["custom"]))


def retyped(source: Definition, target: Definition, custom: dict[str, Any]) -> dict[str, Any]:
    """The column after the field has changed from `source` to `target`. Doing it twice changes nothing more."""
    key, result = target.key, dict(custom)
    kept = result.pop(f"{key}~{target.kind}", None)
    if key in result and read(source, result) is not None:
        held = result.pop(key)
        try:
            value = convert(source, target, held)
        except ValidationError:
            result[f"{key}~{source.kind}"] = held
        else:
            result[key] = stored(target, value)
    if key not in result and kept is not None:
        result[key] = kept
    return result


def _every_row(run: JobRun, host: Any, change: Change) -> None:
    """Change the column of all rows in slices by id, each with its checkpoint in its transaction."""
    from core.importing.bulk import update_values

    rows = host.model._base_manager.order_by("pk")
    total, done, changed = rows.count(), run.checkpoint.get("done", 0), run.checkpoint.get("changed", 0)
    while True:
        after = run.checkpoint.get("after", 0)
        with transaction.atomic():
            part = rows.filter(pk__gt=after).select_for_update(no_key=True)
            found = list(part.values("pk", "custom", *host.plain)[:SLICE])
            if not found:
                break
            new = [(row["pk"], change(row), row["custom"]) for row in found]
            moved = [[pk, value] for pk, value, before in new if value != before]
            update_values(host.model, ["custom"], moved)
            done, changed = done + len(found), changed + len(moved)
            run.save_checkpoint(after=found[-1]["pk"], done=done, changed=changed)
        run.progress(done, total)
    run.finish_with(rows=done, changed=changed)
