"""Imports: a file taken in, its mapping, trying, running, deciding about words, undoing."""

from collections.abc import Mapping
from pathlib import PurePath
from typing import IO, Any

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.utils.translation import gettext as _

from core.enums import AccessLevel, Action
from core.importing.layouts import AUTO, OWN_KINDS, columns_of, decisions_of, formats, recognise
from core.importing.ledger import counts_of
from core.importing.mapping import check_mapping, guess_mapping, likeliest_target, sample_table
from core.importing.review import settle
from core.importing.rows import context_of
from core.importing.source import examine
from core.importing.targets import ImportTarget
from core.models import ImportBatch, ImportMapping, Job, Organisation
from core.registries import imports
from core.registries.imports import SourceLayout
from core.scope.access import profile_for
from core.selectors.import_mappings import fitting_mapping
from core.services.base import NotAllowed, service
from core.services.jobs import enqueue_job

REMEMBERED = ("columns", "constants", "currency", "decisions", "mode", "namespace", "rule", "rules")
KEPT = (*REMEMBERED, "style", "styles")


def target_for(actor: Any, key: str) -> ImportTarget:
    """The target, if `actor` may import into it. Raises NotAllowed, ValidationError for an unknown one."""
    target = imports.get(key)
    if target is None:
        known = ", ".join(item.key for item in imports.all_targets())
        raise ValidationError(
            {
                "target": _("“%(key)s” can't be imported. Choose one of: %(known)s.")
                % {"key": key, "known": known}
            }
        )
    if actor is not None and not target.allowed(profile_for(actor)):
        raise NotAllowed(_("Your role does not allow importing %(what)s.") % {"what": target.label})
    return target


@service
def create_import(
    *,
    actor: Any,
    target: str,
    stream: IO[bytes],
    name: str,
    size: int,
    source: str = AUTO,
    encoding: str = "",
    delimiter: str = "",
) -> ImportBatch:
    """Keep the file and guess how to read and map it.

    `source` says what kind of file it is or which program it comes from; `target` may be empty for files whose
    columns say what they hold. Raises NotAllowed, FileProblem, ValidationError.
    """
    _check_source(source)
    if target:
        target_for(actor, target)
    kind = source if source in OWN_KINDS else "auto"
    file = examine(stream, name=name, kind=kind, encoding=encoding, delimiter=delimiter)
    header, lines, notices = sample_table(stream, file)
    layout = recognise(
        header, source="vcard" if file.kind == "vcard" else source, targets=[target] if target else []
    )
    saved = fitting_mapping(actor, target, header) if actor is not None else None
    wanted = target_for(actor, target or _target_of(actor, layout, saved, header, lines))
    mapping = _guessed(actor, wanted, header, lines, layout, saved)
    stream.seek(0)
    batch = ImportBatch(
        target=wanted.key,
        file_name=PurePath(name).name[:255],
        size=size,
        encoding=file.encoding,
        delimiter=file.delimiter,
        owner=actor,
        mapping=mapping,
        options={
            "layout": file.as_json(),
            "header": header,
            "owner": _default_owner(actor, wanted),
            "source": source,
            "notices": notices[:20],
        },
    )
    batch.file.save(PurePath(name).name[-80:], File(stream), save=False)
    batch.save()
    return batch


def _check_source(source: str) -> None:
    if source not in formats():
        raise ValidationError(
            {
                "format": _("“%(source)s” is no format. Choose one of: %(known)s.")
                % {"source": source[:40], "known": ", ".join(formats())}
            }
        )


def _guessed(
    actor: Any,
    target: ImportTarget,
    header: list[str],
    lines: list[list[str]],
    layout: SourceLayout | None,
    saved: ImportMapping | None,
) -> dict[str, Any]:
    """The mapping to begin with: guessed, then as the program's layout says, then as a kept mapping that fits
    says, then as the same person mapped the same columns the last time."""
    profile = None if actor is None else profile_for(actor)
    mapping = guess_mapping(target, profile, header, lines, layout)
    if layout is not None:
        known = list(columns_of(layout, header, target.field_map()))
        mapping |= {"decisions": decisions_of(layout), "layout": layout.label, "known": known}
        mapping |= {"constants": dict(layout.constants)}
        mapping |= {"namespace": "" if layout.source in OWN_KINDS else layout.source}
    if saved is not None and saved.target == target.key:
        fields = {item.key for item in target.visible_fields(profile)}
        mapping |= {key: saved.mapping[key] for key in REMEMBERED if key in saved.mapping}
        kept = saved.mapping["columns"].items()
        columns = {name: key for name, key in kept if name in header and key in fields}
        mapping |= {"columns": columns, "saved": saved.name}
    mapping.update(_remembered(actor, target.key, header))
    mapping.setdefault("currency", _base_currency())
    return mapping


def _target_of(
    actor: Any,
    layout: SourceLayout | None,
    saved: ImportMapping | None,
    header: list[str],
    lines: list[list[str]],
) -> str:
    if layout is not None:
        return layout.target
    if saved is not None:
        return str(saved.target)
    profile = None if actor is None else profile_for(actor)
    targets = [target for target in imports.all_targets() if profile is None or target.allowed(profile)]
    found = likeliest_target(targets, profile, header, lines)
    if found is None:
        raise ValidationError({"target": _("The columns don't say what is in the file. Choose it.")})
    return found.key


def _base_currency() -> str:
    organisation = Organisation.objects.filter(pk=1).first()
    return organisation.base_currency if organisation else str(Organisation().base_currency)


def _default_owner(actor: Any, target: ImportTarget) -> int | None:
    """Who owns rows that name no owner: those who see only their own or their team's rows own what they
    bring, else they would lose sight of it."""
    if actor is None or profile_for(actor).level(target.record_type, Action.VIEW) == AccessLevel.ALL:
        return None
    return int(actor.pk)


def _remembered(actor: Any, target: str, header: list[str]) -> dict[str, Any]:
    """What the same person decided about the last finished file of the same columns."""
    last = (
        ImportBatch.objects.filter(
            owner=actor, target=target, options__header=header, finished_at__isnull=False
        )
        .order_by("-id")
        .first()
    )
    if last is None:
        return {}
    return {key: last.mapping[key] for key in REMEMBERED if key in last.mapping}


@service
def mend_import(*, actor: Any, batch: ImportBatch, stream: IO[bytes], name: str, size: int) -> ImportBatch:
    """Take in a file that mends the failed lines of a finished import, read as that one was. Only those lines are
    taken. Raises NotAllowed, FileProblem, ValidationError."""
    if batch.finished_at is None or not batch.counts.get("failed"):
        raise ValidationError(_("No line of this import has failed."))
    if batch.undone_at is not None:
        raise ValidationError(_("This import has been undone."))
    made: ImportBatch = create_import(actor=actor, target=batch.target, stream=stream, name=name, size=size)
    columns = batch.mapping.get("columns", {})
    here = {column: key for column, key in columns.items() if column in made.options["header"]}
    kept = {key: batch.mapping[key] for key in KEPT if key in batch.mapping}
    made.mapping = {**made.mapping, **kept, "columns": here or made.mapping["columns"], "ambiguous": []}
    made.options = {**made.options, "owner": batch.options.get("owner")}
    made.corrects = batch
    made.save()
    return made


@service
def reread_import(*, actor: Any, batch: ImportBatch, encoding: str = "", delimiter: str = "") -> ImportBatch:
    """Read the file with another encoding or delimiter (empty: guessed) and guess its mapping anew. Raises
    FileProblem, ValidationError for an import that has begun."""
    target = target_for(actor, batch.target)
    _demand_not_begun(batch)
    kind = batch.options["layout"]["kind"]
    with batch.file.open("rb") as stream:
        file = examine(stream, name=batch.file_name, kind=kind, encoding=encoding, delimiter=delimiter)
        header, lines, notices = sample_table(stream, file)
    profile = None if actor is None else profile_for(actor)
    layout = recognise(header, targets=[target.key]) if kind != "vcard" else None
    batch.mapping = {**batch.mapping, **guess_mapping(target, profile, header, lines, layout)}
    batch.encoding, batch.delimiter = file.encoding, file.delimiter
    options = {key: value for key, value in batch.options.items() if not key.startswith("preview")}
    batch.options = {**options, "layout": file.as_json(), "header": header, "notices": notices[:20]}
    batch.save()
    return batch


def _demand_not_begun(batch: ImportBatch) -> None:
    if batch.job_id is not None:
        raise ValidationError(_("This import has begun. Start a new one to map the file differently."))


@service
def map_import(
    *, actor: Any, batch: ImportBatch, mapping: Mapping[str, Any], owner_id: int | str | None = "as it is"
) -> ImportBatch:
    """Keep a mapping: `columns`, `style`, `styles`, `mode`, `rule`, `rules`, `currency`, `decisions`; parts not
    given stay. `owner_id` is who
    owns rows that name nobody. Raises ValidationError with every fault, and for an import that has begun."""
    target = target_for(actor, batch.target)
    _demand_not_begun(batch)
    profile = None if actor is None else profile_for(actor)
    merged = {**batch.mapping, **{key: value for key, value in mapping.items() if key in KEPT}}
    if "style" in mapping or "styles" in mapping:
        merged["ambiguous"] = []  # somebody has decided
    wrong = check_mapping(target, profile, batch.options["header"], merged)
    if wrong:
        raise ValidationError({"columns": wrong})
    batch.mapping = merged
    batch.options = {key: value for key, value in batch.options.items() if key != "preview"}
    if owner_id != "as it is":
        batch.options["owner"] = owner_id
    batch.save(update_fields=["mapping", "options", "updated_at"])
    return batch


@service
def start_import(*, actor: Any, batch: ImportBatch, dry_run: bool = False, wake: bool = True) -> Job:
    """Start the import, or a trial of it, as a job. An import is started once."""
    target_for(actor, batch.target)
    batch = ImportBatch.objects.select_for_update().get(pk=batch.pk)
    if batch.job_id is not None:
        raise ValidationError(_("This import has been started already."))
    job = enqueue_job(
        actor=actor,
        kind="core.import",
        params={"batch": batch.pk, "dry_run": dry_run, "target": batch.target, "file": batch.file_name},
        wake=wake,
    )
    if dry_run:
        batch.options = {**batch.options, "preview_job": job.pk}
        batch.save(update_fields=["options", "updated_at"])
    else:
        batch.job = job
        batch.save(update_fields=["job", "updated_at"])
    return job


@service
def decide_words(*, actor: Any, batch: ImportBatch, field: str, values: Mapping[str, Any]) -> int:
    """Give words of `field` their meaning (None: leave empty) in all lines that wait for it. Returns how many
    lines were settled. Raises NotAllowed, ValidationError."""
    target = target_for(actor, batch.target)
    if field not in target.field_map():
        raise ValidationError(_("There is no field “%(field)s”.") % {"field": field})
    if batch.undone_at is not None:
        raise ValidationError(_("This import has been undone."))
    settled = settle(batch, context_of(batch), target, field, values)
    decisions = {**batch.mapping.get("decisions", {})}
    decisions[field] = {**decisions.get(field, {}), **values}
    batch.mapping = {**batch.mapping, "decisions": decisions}
    if batch.finished_at is not None:
        batch.counts = counts_of(batch)
    batch.save(update_fields=["mapping", "counts", "updated_at"])
    return settled


@service
def start_undo(*, actor: Any, batch: ImportBatch, wake: bool = True) -> Job:
    """Start undoing a finished import as a job. Raises NotAllowed, ValidationError."""
    target_for(actor, batch.target)
    batch = ImportBatch.objects.select_for_update().get(pk=batch.pk)
    if batch.job_id is None or batch.finished_at is None:
        raise ValidationError(_("Only a finished import can be undone."))
    if batch.undone_at is not None:
        raise ValidationError(_("This import has been undone already."))
    return enqueue_job(
        actor=actor,
        kind="core.undo_import",
        params={"batch": batch.pk, "file": batch.file_name},
        wake=wake,
    )
