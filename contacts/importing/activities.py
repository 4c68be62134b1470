"""The target «activities»: calls, meetings, notes, tasks and e-mails."""

from collections.abc import Hashable, Mapping, Sequence
from datetime import datetime, time
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.enums import ActivityKind
from contacts.importing.activity_fields import WHAT_FIELDS, WHEN_FIELDS, WHOM_FIELDS
from contacts.importing.activity_traces import forget_timeline, tell_activities, tell_again, write_links
from contacts.importing.companies import owner_field
from contacts.models import Activity, Contact
from core.importing.problems import UNDECIDED, Problem
from core.importing.records import RecordTarget
from core.importing.rows import ImportContext, Row
from core.importing.targets import Applied, ImportField
from core.text import sort_key

SUBJECT = 250
PEOPLE = ("contact_external_id", "contact_email", "contact")
COMPANIES = ("company_external_id", "company")
TOLD_BY_SUBJECT = (ActivityKind.TASK, ActivityKind.EMAIL, ActivityKind.MEETING)


class ActivityTarget(RecordTarget):
    """One line is one activity, known by our own or an external id, else by its kind, subject, person, company
    and time. What is told of it happened at its own time, whenever the file is brought."""

    key = "activities"
    label = gettext_lazy("Activities")
    icon = "calendar-event"
    record_type = "activity"
    model = Activity
    fixed = ("kind",)

    def fields(self) -> Sequence[ImportField]:
        return (*WHAT_FIELDS, *WHEN_FIELDS, *WHOM_FIELDS, owner_field())

    def required_alternatives(self) -> Sequence[tuple[str, ...]]:
        return (("subject", "body", "external_id", "record_id"),)

    def check(self, context: ImportContext, row: Row) -> None:
        values = row.values
        first_of(row, PEOPLE)
        first_of(row, COMPANIES)
        first_of(row, ("regarding", "about"))
        _settle_about(row)
        _settle_subject(values)
        _settle_times(context, values)
        empty = not values.get("subject") and not values.get("body")
        if row.object_id is None and empty and not values.keys() & {"external_id", "record_id"}:
            row.fail(Problem("required", _("the line has no subject and no text.")))

    def keys(self, row: Row) -> list[Hashable]:
        values = row.values
        if values.get("record_id"):
            return [("record", values["record_id"])]
        if values.get("external_id"):
            return [("external", values["external_id"])]
        return [like(row, values.get("occurred_at"))]

    def find(self, context: ImportContext, keys: Sequence[Hashable]) -> Mapping[Hashable, int]:
        by_kind: dict[str, list[Any]] = {"record": [], "external": [], "like": []}
        for key in keys:
            by_kind[str(key[0])].append(key)  # type: ignore[index]
        found: dict[Hashable, int] = {}
        ids = [key[1] for key in by_kind["record"]]
        found.update({("record", pk): pk for pk in _ids(pk__in=ids)} if ids else {})
        externals = [key[1] for key in by_kind["external"]]
        rows = Activity.objects.exclude(external_id="").filter(external_id__in=externals).order_by("-pk")
        found.update({("external", text): pk for text, pk in rows.values_list("external_id", "pk")})
        return found | _alike(by_kind["like"])

    def columns_of(self, context: ImportContext, row: Row, current: Mapping[str, Any]) -> dict[str, Any]:
        values = row.values
        columns = {name: values[name] for name in DIRECT if name in values}
        if " ".join(current.get("subject", "").split()) == columns.get("subject"):
            del columns["subject"]  # the same words in other spacing
        kind = columns.get("kind") or current.get("kind") or _kind_of(values)
        columns["kind"] = kind
        if values.get("contact"):
            columns["contact_id"] = values["contact"][0]
        if "company" in values:
            columns["company_id"] = values["company"]
        elif "own_company" in row.extras and not current.get("company_id"):
            columns["company_id"] = row.extras["own_company"]
        columns.update(_times(context, values, current, kind))
        if kind in TOLD_BY_SUBJECT and not (columns.get("subject") or current.get("subject")):
            text = str(columns.get("body") or current.get("body") or "").strip().partition("\n")[0]
            columns["subject"] = text[:SUBJECT] or str(ActivityKind(kind).label)
        return columns

    def _apply_wave(self, context: ImportContext, rows: list[Row]) -> list[Row]:
        """A person's company comes along, as where people write an activity down themselves."""
        people = {row.values["contact"][0] for row in rows if row.values.get("contact")}
        firms = dict(Contact.objects.filter(pk__in=people).values_list("pk", "company_id")) if people else {}
        for row in rows:
            company = firms.get(row.values["contact"][0]) if row.values.get("contact") else None
            if company is not None:
                row.extras["own_company"] = company
        return super()._apply_wave(context, rows)

    def after(
        self, context: ImportContext, applied: Applied, before: Mapping[int, Mapping[str, Any]]
    ) -> None:
        write_links(context, applied)
        tell_activities(context, applied)

    def undone(self, deleted: Mapping[str, Sequence[int]]) -> None:
        forget_timeline("activity", deleted.get("contacts.Activity", ()))

    def restored(self, ids: Mapping[str, Sequence[int]]) -> None:
        tell_again(ids.get("contacts.Activity", ()))


DIRECT = ("kind", "subject", "body", "outcome", "direction", "duration_minutes", "external_id")


def first_of(row: Row, keys: Sequence[str]) -> None:
    """Of columns that say the same in other ways the first one that is known counts, under the last key's
    name; the others no longer wait. Where none is known, one waits: that which may mean something."""
    values = row.values
    known = [values.pop(key) for key in keys if values.get(key) is not None]
    if known:
        values[keys[-1]] = known[0]
        row.problems = [p for p in row.problems if not (p.field in keys and p.code in UNDECIDED)]
    else:
        undecided = [p for p in row.problems if p.field in keys and p.code in UNDECIDED]
        best = max(undecided, key=lambda problem: len(problem.suggestions), default=None)
        row.problems = [p for p in row.problems if p is best or p not in undecided]


def _settle_about(row: Row) -> None:
    """A person or company that the line is about is its person or company; anything else is a link."""
    about = row.values.pop("about", None)
    if about is None:
        return
    kind, pk = about
    if kind == "contact":
        row.values.setdefault("contact", [pk])
    elif kind == "company":
        row.values.setdefault("company", pk)
    else:
        row.values[f"link_{kind}"] = pk


def _settle_subject(values: dict[str, Any]) -> None:
    """Subjects that are too long go on in the notes."""
    subject = " ".join(str(values.get("subject", "")).split())
    if len(subject) > SUBJECT:
        values["body"] = "\n\n".join(part for part in (subject, values.get("body", "")) if part)
        subject = f"{subject[: SUBJECT - 1]}…"
    if subject:
        values["subject"] = subject


def _settle_times(context: ImportContext, values: dict[str, Any]) -> None:
    """Times of day into their days, ends and seconds into minutes."""
    for name, part in (("occurred_at", "start_time"), ("due_at", "due_time")):
        clock = values.pop(part, None)
        if clock and values.get(name):
            day = values[name].astimezone(context.zone).date()
            values[name] = datetime.combine(day, time.fromisoformat(clock), tzinfo=context.zone)
    start, end = values.get("occurred_at"), values.pop("ended_at", None)
    seconds = values.pop("duration_seconds", None)
    if "duration_minutes" not in values:
        if seconds is not None:
            values["duration_minutes"] = -(-seconds // 60)
        elif start and end and end >= start:
            values["duration_minutes"] = int((end - start).total_seconds() // 60)


def _kind_of(values: Mapping[str, Any]) -> str:
    """What a line without a kind is: a task if it is to be done, else a note."""
    return ActivityKind.TASK.value if "due_at" in values or "done" in values else ActivityKind.NOTE.value


def _times(
    context: ImportContext, values: Mapping[str, Any], current: Mapping[str, Any], kind: str
) -> dict[str, Any]:
    """When it happened, is due, was done. Tasks and what lies ahead are planned until they are done."""
    now = context.memory.setdefault("now", timezone.now())
    columns = {name: values[name] for name in ("occurred_at", "due_at", "done_at") if name in values}
    happened = values.get("occurred_at")
    due = values.get("due_at") or current.get("due_at")
    ahead = kind == ActivityKind.MEETING and happened is not None and happened > now
    if due is None and (kind == ActivityKind.TASK or ahead):
        columns["due_at"] = due = happened or values.get("entered_at") or values.get("done_at") or now
    done = values.get("done")
    if due is not None and done is True and not (values.get("done_at") or current.get("done_at")):
        columns["done_at"] = min(due, values.get("changed_at") or now, now)
    elif done is False and current.get("done_at"):
        columns["done_at"] = None
    if not current and happened is None:
        columns["occurred_at"] = values.get("done_at") or values.get("entered_at") or due or now
    return columns


def like(row: Row, at: datetime | None) -> Hashable:
    values = row.values
    person = values["contact"][0] if values.get("contact") else None
    subject = sort_key(values.get("subject") or values.get("body", "").strip().partition("\n")[0], SUBJECT)
    return ("like", subject, person, at or values.get("due_at") or values.get("done_at"))


def _ids(**conditions: Any) -> list[int]:
    return list(Activity.objects.filter(**conditions).values_list("pk", flat=True))


def _alike(keys: Sequence[Any]) -> dict[Hashable, int]:
    """Activities of the same subject with the same person at the same time; where the line names neither
    person nor time, of the same subject and no person."""
    if not keys:
        return {}
    times = {key[3] for key in keys if key[3] is not None}
    timeless = {key[2] for key in keys if key[3] is None and key[2] is not None}
    either = Q(occurred_at__in=times) | Q(due_at__in=times) | Q(contact__in=timeless)
    if any(key[2] is None and key[3] is None for key in keys):
        either |= Q(contact=None, company=None)
    found: dict[Hashable, int] = {}
    rows = Activity.objects.filter(either).order_by("-pk")
    columns = ("pk", "subject", "body", "contact_id", "occurred_at", "due_at")
    for pk, subject, body, contact, occurred, due in rows.values_list(*columns):
        words = sort_key(subject or body.strip().partition("\n")[0], SUBJECT)
        for at in (occurred, due, None):
            found["like", words, contact, at] = pk
    return {key: found[key] for key in keys if key in found}
