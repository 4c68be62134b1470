"""The target «tickets»."""

from collections.abc import Hashable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.enums import PointKind
from contacts.importing.activities import first_of
from contacts.importing.activity_traces import forget_timeline
from contacts.importing.attached import add_tags
from contacts.models import Contact, ContactPoint
from core.enums import ImportRowFate
from core.importing.problems import Problem
from core.importing.records import RecordTarget
from core.importing.rows import ImportContext, Row
from core.importing.targets import Applied, ImportField
from core.text import sort_key
from service.enums import TicketPriority, TicketStatus
from service.importing.ticket_fields import FIELDS
from service.importing.ticket_traces import tell_solved_again, tell_tickets, write_messages
from service.models import NO_DEADLINE, Queue, Ticket
from service.models.tickets import new_token
from service.rules import DONE_STATUSES
from service.services import deadlines
from service.services.defaults import ensure_service_defaults

SUBJECT = 250
PEOPLE = ("contact_external_id", "contact")
COMPANIES = ("company_external_id", "company")
DIRECT = (
    "external_id", "subject", "status", "priority", "channel", "requester_address", "requester_name",
    "opened_at", "first_responded_at",
)  # fmt: skip


class TicketTarget(RecordTarget):
    """One line is one ticket, known by our own or an external id, else by its subject, requester and the time it
    was opened. Its description is the first message; nobody is written to."""

    key = "tickets"
    label = gettext_lazy("Tickets")
    icon = "lifebuoy"
    record_type = "ticket"
    model = Ticket
    fixed = ("status", "priority", "queue")

    def fields(self) -> Sequence[ImportField]:
        return FIELDS

    def required_alternatives(self) -> Sequence[tuple[str, ...]]:
        return (("subject", "description", "external_id", "record_id"),)

    def resume(self, context: ImportContext) -> None:
        default = ensure_service_defaults(actor=None)
        queues = Queue.objects.select_related("policy", "team")
        context.memory["queues"] = {queue.pk: queue for queue in queues}
        context.memory["queue"] = default.pk

    def check(self, context: ImportContext, row: Row) -> None:
        if "queues" not in context.memory:
            self.resume(context)
        values = row.values
        first_of(row, PEOPLE)
        first_of(row, COMPANIES)
        if not values.get("requester_name") and not values.get("contact") and row.words.get("contact"):
            values["requester_name"] = row.words["contact"][:200]
        if supplied := values.pop("supplied_address", ""):
            values.setdefault("requester_address", supplied)
        _settle_subject(values)
        opened, closed = values.get("opened_at"), values.get("closed_at")
        if opened and closed and closed < opened:
            row.fail(Problem("value", _("it was solved before it was opened."), "closed_at"))
        if row.object_id is None and not values.keys() & {"subject", "external_id", "record_id"}:
            row.fail(Problem("required", _("the line has no subject and no description.")))

    def keys(self, row: Row) -> list[Hashable]:
        values = row.values
        if values.get("record_id"):
            return [("record", values["record_id"])]
        if values.get("external_id"):
            return [("external", values["external_id"])]
        person = values["contact"][0] if values.get("contact") else None
        who = person or values.get("requester_address") or values.get("requester_name") or None
        return [("like", sort_key(values.get("subject", ""), SUBJECT), who, values.get("opened_at"))]

    def find(self, context: ImportContext, keys: Sequence[Hashable]) -> Mapping[Hashable, int]:
        by_kind: dict[str, list[Any]] = {"record": [], "external": [], "like": []}
        for key in keys:
            by_kind[str(key[0])].append(key)  # type: ignore[index]
        found: dict[Hashable, int] = {}
        if ids := [key[1] for key in by_kind["record"]]:
            rows = Ticket.objects.filter(pk__in=ids).values_list("pk", flat=True)
            found.update({("record", pk): pk for pk in rows})
        externals = [key[1] for key in by_kind["external"]]
        known = Ticket.objects.exclude(external_id="").filter(external_id__in=externals).order_by("-pk")
        found.update({("external", text): pk for text, pk in known.values_list("external_id", "pk")})
        return found | _alike(by_kind["like"])

    def _apply_wave(self, context: ImportContext, rows: list[Row]) -> list[Row]:
        _find_requesters(rows)
        return super()._apply_wave(context, rows)

    def columns_of(self, context: ImportContext, row: Row, current: Mapping[str, Any]) -> dict[str, Any]:
        values = row.values
        columns = {name: values[name] for name in DIRECT if name in values}
        if values.get("contact"):
            columns["contact_id"] = values["contact"][0]
        if "company" in values:
            columns["company_id"] = values["company"]
        elif "own_company" in row.extras and not current.get("company_id"):
            columns["company_id"] = row.extras["own_company"]
        if "queue" in values or not current:
            columns["queue_id"] = values.get("queue", context.memory["queue"])
        _fill_requester(columns, row, current)
        columns.update(_states(context, values, columns, current))
        if not current:
            columns["token"] = new_token()
        words = [columns.get(name, current.get(name, "")) for name in SEARCHED]
        columns["search_text"] = sort_key(" ".join(words), limit=500)
        return columns

    def _new(
        self, context: ImportContext, row: Row, now: datetime, blank: Mapping[str, Any]
    ) -> dict[str, Any]:
        values = super()._new(context, row, now, blank)
        if values.get("team_id") is None:
            values["team_id"] = context.memory["queues"][values["queue_id"]].team_id
        return values

    def after(
        self, context: ImportContext, applied: Applied, before: Mapping[int, Mapping[str, Any]]
    ) -> None:
        added = [
            *write_messages(context, applied),
            *add_tags(context, applied, Ticket.tags.through, "ticket_id"),
        ]
        for row, _pk in added:
            if row.fate == ImportRowFate.SKIPPED:
                row.fate = ImportRowFate.UPDATED
        tell_tickets(context, applied)

    def undone(self, deleted: Mapping[str, Sequence[int]]) -> None:
        forget_timeline("ticket", deleted.get("service.Ticket", ()))

    def restored(self, ids: Mapping[str, Sequence[int]]) -> None:
        tell_solved_again(ids.get("service.Ticket", ()))


SEARCHED = ("subject", "requester_name", "requester_address")


def _settle_subject(values: dict[str, Any]) -> None:
    """A ticket without a subject is called by its first words; what is too long goes on in the description."""
    text = values.get("description", "")
    subject = " ".join(str(values.get("subject", "") or text.strip().partition("\n")[0]).split())
    if len(subject) > SUBJECT:
        if "subject" in values:
            values["description"] = "\n\n".join(part for part in (values["subject"], text) if part)
        subject = f"{subject[: SUBJECT - 1]}…"
    if subject:
        values["subject"] = subject


def _find_requesters(rows: list[Row]) -> None:
    """The one person of the requester's address where the line names nobody, and each person's company."""
    open_rows = [row for row in rows if not row.values.get("contact")]
    addresses = {row.values.get("requester_address") for row in open_rows} - {None}
    holders: dict[str, set[int]] = {}
    if addresses:
        points = ContactPoint.objects.filter(
            kind=PointKind.EMAIL, normalised__in=addresses, contact__deleted_at=None, contact__isnull=False
        )
        for address, pk in points.values_list("normalised", "contact_id"):
            holders.setdefault(address, set()).add(pk)
    for row in open_rows:
        people = holders.get(row.values.get("requester_address", ""), set())
        if len(people) == 1:
            row.values["contact"] = list(people)
    ids = {row.values["contact"][0] for row in rows if row.values.get("contact")}
    known = {pk: (name, firm) for pk, name, firm in Contact.objects.filter(pk__in=ids).values_list(
        "pk", "name", "company_id")}  # fmt: skip
    for row in rows:
        name, firm = known.get((row.values.get("contact") or [0])[0], ("", None))
        if firm is not None:
            row.extras["own_company"] = firm
        row.extras["own_name"] = name


def _fill_requester(columns: dict[str, Any], row: Row, current: Mapping[str, Any]) -> None:
    if not columns.get("requester_name") and not current.get("requester_name") and row.extras.get("own_name"):
        columns["requester_name"] = row.extras["own_name"][:200]


def _states(
    context: ImportContext,
    values: Mapping[str, Any],
    columns: Mapping[str, Any],
    current: Mapping[str, Any],
) -> dict[str, Any]:
    """Status, times and deadlines that can stand together."""
    now = context.memory.setdefault("now", timezone.now())
    found: dict[str, Any] = {}
    opened = columns.get("opened_at") or current.get("opened_at") or values.get("closed_at") or now
    status = columns.get("status") or current.get("status")
    if status is None:
        status = TicketStatus.CLOSED.value if "closed_at" in values else TicketStatus.NEW.value
    done = status in DONE_STATUSES
    if not current:
        last = max(moment for moment in (opened, values.get("closed_at"), values.get("changed_at")) if moment)
        found |= {"opened_at": opened, "status": status, "last_message_at": last}
    if done:
        closed = values.get("closed_at") or current.get("solved_at") or values.get("changed_at") or now
        found["solved_at"] = max(closed, opened)
    elif current.get("solved_at"):
        found["solved_at"] = None
    if not current or status != current.get("status"):
        found |= _deadlines(context, {**current, **columns, **found, "status": status})
    return found


def _deadlines(context: ImportContext, values: Mapping[str, Any]) -> dict[str, Any]:
    """Those of a ticket that is open still: counted from when the customer asked. Whoever is beyond “new” has
    had an answer."""
    status, queue = values["status"], context.memory["queues"].get(values["queue_id"])
    found = deadlines.started(
        queue.policy if queue is not None and status not in DONE_STATUSES else None,
        values.get("priority") or TicketPriority.NORMAL.value,
        values["opened_at"],
    )
    if status in DONE_STATUSES:
        return {"next_due_at": NO_DEADLINE}
    if status != TicketStatus.NEW or values.get("first_responded_at"):
        found["first_response_due_at"] = None
    waiting = status == TicketStatus.WAITING
    moments = [found["first_response_due_at"], None if waiting else found["resolution_due_at"]]
    return found | {"next_due_at": min((at for at in moments if at is not None), default=NO_DEADLINE)}


def _alike(keys: Sequence[Any]) -> dict[Hashable, int]:
    if not keys:
        return {}
    times = {key[3] for key in keys if key[3] is not None}
    either = Q(opened_at__in=times)
    if any(key[3] is None for key in keys):
        people = {key[2] for key in keys if isinstance(key[2], int)}
        addresses = {key[2] for key in keys if isinstance(key[2], str)}
        either |= Q(contact__in=people) | Q(requester_address__in=addresses)
        if any(key[2] is None for key in keys):
            either |= Q(contact=None, requester_address="")
    found: dict[Hashable, int] = {}
    columns = ("pk", "subject", "contact_id", "requester_address", "requester_name", "opened_at")
    rows = Ticket.objects.filter(either).order_by("-pk").values_list(*columns)
    for pk, subject, contact, address, name, opened in rows:
        for who in {contact, address or None, name or None, None}:
            for at in (opened, None):
                if who is not None or not (contact or address or name):
                    found["like", sort_key(subject, SUBJECT), who, at] = pk
    return {key: found[key] for key in keys if key in found}
