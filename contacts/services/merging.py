"""Merging people and companies, and taking it back."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from contacts.enums import MergeOrigin, StepKind
from contacts.events import (
    ConsentChanged,
    ContactChanged,
    MergesCommitted,
    MergeUndone,
    RecordsMerged,
)
from contacts.merging import custom_links
from contacts.merging.engine import Group, Merge, count_rows
from contacts.merging.fields import survivors_first
from contacts.merging.running import Wanted, derived, lock_merging, lock_records, model_of, run_merges
from contacts.merging.undoing import TakenBack, give_rows, settle_fields, take_back
from contacts.models import Consent, MergeLog, MergeStep
from contacts.selectors.merges import live_ids
from core.enums import Action
from core.events import publish
from core.history.context import acting
from core.scope.access import profile_for
from core.services.base import NotAllowed, require, service

MOST = 50
"""How many records may become one at a time."""
Rows = Mapping[tuple[str, int], int]


class AlreadyMerged(Exception):
    """Somebody was faster: some of the records are part of others by now. `live` are the ids to look at
    instead, in the order that was asked for."""

    def __init__(self, live: Sequence[int]) -> None:
        self.live = list(live)
        super().__init__(_("Somebody has merged some of these in the meantime. Look at what is there now."))


class CantUndo(Exception):
    """A merge that can't be taken back; the text says why. `first` is the later merge to undo before it."""

    def __init__(self, text: str, first: int | None = None) -> None:
        self.first = first
        super().__init__(text)


@service
def merge_records(
    *,
    actor: Any,
    record_type: str,
    ids: Sequence[int],
    choices: Mapping[str, int] | None = None,
    origin: str = MergeOrigin.PAGE,
    reason: str = "",
) -> MergeLog:
    """Make one record of several: the first of `ids` goes on, unless it is anonymous and another is not.

    Everything that hangs on the others hangs on it afterwards; their ids lead to it for ever. `choices` say
    for fields whose value is taken (the record's id); the others follow the rules. Raises AlreadyMerged,
    NotAllowed, and ValidationError for fewer than two records, unknown ones or choices that can't be.
    """
    wanted = list(dict.fromkeys(ids))
    model = model_of(record_type)
    if not 2 <= len(wanted) <= MOST:
        raise ValidationError(
            ngettext("Choose %(n)d record or more.", "Choose from two to %(n)d records.", MOST) % {"n": MOST}
        )
    for action in (Action.CHANGE, Action.DELETE):
        require(actor, record_type, action)
    _check_choices(actor, record_type, choices or {})
    lock_merging()
    _check_live(record_type, wanted)
    found = lock_records(model, wanted)
    _check_scope(actor, model, wanted, found)
    records = survivors_first([found[pk] for pk in wanted])
    with acting(actor, cause="merge"):
        (log,) = run_merges(model, [Wanted(records, choices or {}, reason)], actor=actor, origin=origin)
        _tell([log])
    log.refresh_from_db(fields=["rows", "marks"])
    return log


@service
def merge_many(
    *, actor: Any, record_type: str, groups: Iterable[Sequence[int]], reason: str = ""
) -> list[MergeLog]:
    """Merge many groups at once by the rules, for jobs. Groups that share a record are one; ids that were
    merged before mean the record that lives; groups of which one record is left are passed over. In the
    actor's scope only: a group with a record outside of it is passed over."""
    model = model_of(record_type)
    lock_merging()
    asked = [list(group) for group in groups]
    live = live_ids(record_type, [pk for group in asked for pk in group])
    sets = united([[live.get(pk, pk) for pk in group] for group in asked])
    found = lock_records(model, [pk for group in sets for pk in group])
    allowed = set(found) if actor is None else _mergeable(actor, model, found)
    wanted = [
        Wanted(survivors_first([found[pk] for pk in group if pk in found]), {}, reason)
        for group in sets
        if sum(pk in found for pk in group) > 1 and all(pk in allowed for pk in group if pk in found)
    ]
    if not wanted:
        return []
    with acting(actor, cause="merge"):
        logs = run_merges(model, wanted, actor=actor, origin=MergeOrigin.JOB)
        _tell(logs)
    return logs


@service
def unmerge(
    *,
    actor: Any,
    log: MergeLog,
    fields: Mapping[str, str] | None = None,
    rows: Rows | None = None,
) -> TakenBack:
    """Make several of one again, as they were: what has changed since is kept and listed.

    `fields` say for fields of the survivor that changed since `now`, `before` or the id of the record that
    gets the new value; `rows` give rows written since, by (model label, key), to one of the records. Raises
    CantUndo, NotAllowed, ValidationError.
    """
    model = model_of(log.record_type)
    members = [log.survivor_id, *log.merged_ids]
    lock_merging()
    list(model.all_objects.filter(pk__in=members).order_by("pk").select_for_update(of=("self",)))
    log = MergeLog.objects.select_for_update(of=("self",)).get(pk=log.pk)
    check_undoable(log)
    _require_undo(actor, model, members)
    _check_decisions(log, fields or {}, rows or {})
    with acting(actor, cause="merge"):
        outcome = take_back(log)
        settle_fields(log, model, fields or {})
        _name_again(model, members, fields or {})
        outcome.kept += give_rows(model, log.survivor_id, rows or {})
        _close(actor, log, model, members, outcome)
    return outcome


def preview_unmerge(*, actor: Any, log: MergeLog) -> TakenBack:
    """What undoing would do and keep, tried and rolled back. Raises as `unmerge` does."""
    with transaction.atomic():
        outcome = unmerge(actor=actor, log=log)
        transaction.set_rollback(True)
    return outcome


def may_undo(actor: Any, log: MergeLog) -> bool:
    """Whether the person may change and remove each of the records."""
    try:
        _require_undo(actor, model_of(log.record_type), [log.survivor_id, *log.merged_ids])
    except NotAllowed:
        return False
    return True


def check_undoable(log: MergeLog) -> None:
    """Raises CantUndo for a merge that was undone, whose people were erased, or that a later one built on."""
    if log.undone_at is not None:
        raise CantUndo(_("This merge was undone already."))
    if log.erased_at is not None:
        raise CantUndo(_("A person of this merge was erased. What was erased can't be brought back."))
    later = MergeLog.objects.filter(
        record_type=log.record_type,
        merged_ids__contains=[log.survivor_id],
        undone_at__isnull=True,
        pk__gt=log.pk,
    ).first()
    if later is not None:
        raise CantUndo(_("The record was merged again later. Undo that merge first."), later.pk)


@service
def follow_late_rows(*, actor: Any, log_ids: Sequence[int]) -> int:
    """Move rows that were being written to an old id while it was merged; returns how many merges had some."""
    late = 0
    for log in MergeLog.objects.filter(pk__in=log_ids, undone_at__isnull=True).order_by("pk"):
        lock_merging()
        live = live_ids(log.record_type, [log.survivor_id]).get(log.survivor_id, log.survivor_id)
        before = log.steps.count()
        with acting(actor, cause="merge"):
            merge = Merge(model_of(log.record_type), [Group(log, live, tuple(log.merged_ids))])
            merge.relink()
            custom_links.follow(merge)
        if log.steps.count() != before:
            count_rows([log.pk])
            late += 1
    return late


def united(groups: Iterable[Sequence[int]]) -> list[list[int]]:
    """Groups that share a member become one, in the order of first mention.

    >>> united([[1, 2], [3, 4], [2, 5]])
    [[1, 2, 5], [3, 4]]
    """
    home: dict[int, list[int]] = {}
    for group in groups:
        one: list[int] = []
        for pk in group:
            other = home.get(pk, [pk])
            if other is not one:
                one += [member for member in other if member not in one]
            for member in one:
                home[member] = one
    return list({id(group): group for group in home.values()}.values())


def _check_choices(actor: Any, record_type: str, choices: Mapping[str, int]) -> None:
    if actor is None:
        return
    profile = profile_for(actor)
    closed = profile.hidden_fields(record_type) | profile.read_only_fields(record_type)
    if wrong := sorted(closed & set(choices)):
        raise ValidationError({"fields": _("This can't be chosen: %(names)s.") % {"names": ", ".join(wrong)}})


def _check_live(record_type: str, wanted: Sequence[int]) -> None:
    moved = live_ids(record_type, wanted)
    if moved:
        raise AlreadyMerged(list(dict.fromkeys(moved.get(pk, pk) for pk in wanted)))


def _check_scope(actor: Any, model: Any, wanted: Sequence[int], found: Mapping[int, Any]) -> None:
    visible = (
        set(found)
        if actor is None
        else set(model.objects.visible_to(actor).filter(pk__in=found).values_list("pk", flat=True))
    )
    unknown = [pk for pk in wanted if pk not in visible]
    if unknown:
        text = _("There is no such record: %(ids)s.") % {"ids": ", ".join(map(str, unknown))}
        raise ValidationError({"ids": text})
    if actor is not None and _mergeable(actor, model, wanted) != set(wanted):
        raise NotAllowed(_("Your role does not allow this for this record."))


def _mergeable(actor: Any, model: Any, ids: Iterable[int]) -> set[int]:
    """Those that the person may change and delete."""
    rows = model.objects.visible_to(actor, Action.CHANGE).filter(pk__in=list(ids))
    deletable: Any = model.objects.visible_to(actor, Action.DELETE).values("pk")
    return set(rows.filter(pk__in=deletable).values_list("pk", flat=True))


def _require_undo(actor: Any, model: Any, members: Sequence[int]) -> None:
    """Change and remove, on each of the records as they were."""
    for action in (Action.CHANGE, Action.DELETE) if actor is not None else ():
        require(actor, model.record_type, action)
        rows = model.all_objects.visible_to(actor, action).filter(pk__in=members)
        if rows.count() != len(set(members)):
            raise NotAllowed(_("Your role does not allow this for this record."))


def _check_decisions(log: MergeLog, fields: Mapping[str, str], rows: Rows) -> None:
    others = {str(pk) for pk in log.merged_ids}
    wrong = [name for name, decision in fields.items() if decision not in {"now", "before"} | others]
    wrong += [
        label for (label, _pk), target in rows.items() if str(target) not in others or label not in log.marks
    ]
    if wrong:
        raise ValidationError(_("This can't be chosen: %(names)s.") % {"names": ", ".join(sorted(wrong))})


def _name_again(model: Any, members: Sequence[int], fields: Mapping[str, str]) -> None:
    """Names as lists show them, where a decision touched what they are made of."""
    if not {"first_name", "last_name", "name"} & set(fields):
        return
    for record in model.all_objects.filter(pk__in=members):
        values = derived(
            record,
            {
                name: getattr(record, name)
                for name in ("first_name", "last_name", "name")
                if hasattr(record, name)
            },
        )
        model.all_objects.filter(pk=record.pk).update(name=values["name"], sort_name=values["sort_name"])


def _tell(logs: Sequence[MergeLog]) -> None:
    for log in logs:
        publish(
            RecordsMerged(
                record_type=log.record_type,
                survivor_id=log.survivor_id,
                merged_ids=log.merged_ids,
                log_id=log.pk,
            )
        )
        _changed(log.record_type, log.survivor_id)
    for line in _withdrawn_by(logs):
        publish(
            ConsentChanged(
                contact_id=line.contact_id, purpose=line.purpose, channel=line.channel, state=line.state
            )
        )
    publish(MergesCommitted(log_ids=[log.pk for log in logs]))


def _withdrawn_by(logs: Sequence[MergeLog]) -> Iterable[Consent]:
    """The lines of the consent ledger that the merges wrote."""
    steps = MergeStep.objects.filter(log__in=logs, label=Consent._meta.label, kind=StepKind.ADDED)
    ids = [pk for found in steps.values_list("ids", flat=True) for pk in found]
    return Consent.objects.filter(pk__in=ids).order_by("pk") if ids else []


def _changed(record_type: str, pk: int) -> None:
    if record_type == "contact":
        publish(ContactChanged(contact_id=pk))


def _close(actor: Any, log: MergeLog, model: Any, members: Sequence[int], outcome: TakenBack) -> None:
    model.all_objects.filter(pk__in=members).update(version=F("version") + 1, updated_at=timezone.now())
    log.undone_at, log.undone_by = timezone.now(), actor
    log.kept = [one.as_dict() for one in outcome.kept]
    log.save(update_fields=["undone_at", "undone_by", "kept", "updated_at"])
    publish(
        MergeUndone(
            record_type=log.record_type,
            survivor_id=log.survivor_id,
            merged_ids=log.merged_ids,
            log_id=log.pk,
        )
    )
    for pk in members:
        _changed(log.record_type, pk)
