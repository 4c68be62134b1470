"""What can be asked of tickets, and of people and companies by their tickets."""

from datetime import timedelta
from typing import Any

from django.db.models import DateTimeField, ExpressionWrapper, Min, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from contacts.geo.linked import place_criteria
from contacts.registrations.criteria import tags
from core.conditions import criteria
from core.conditions.criteria import Criterion, Kind
from core.conditions.within import narrow
from core.text import sort_key
from service.enums import Channel, TicketPriority, TicketStatus
from service.models import NO_DEADLINE, Ticket
from service.selectors.tickets import is_open, is_overdue

GROUP = _("Tickets")
TICKETS = (Ticket._meta.db_table,)


def _subject(op: str, value: Any, user: Any) -> Q:
    wanted = sort_key(value or "", limit=500)
    return Q(search_text__contains=wanted)


def _flag(condition: Any) -> Any:
    def build(op: str, value: Any, user: Any) -> Q:
        return condition(user) if value else ~condition(user)

    return build


def _of_tickets(party: str, condition: Any) -> Any:
    def build(op: str, value: Any, user: Any) -> Q:
        rows = Ticket.objects.all() if user is None else Ticket.objects.visible_to(user)
        meant = narrow(rows.filter(condition(), **{f"{party}__isnull": False}).order_by(), party)
        ids = meant.values(f"{party}_id")
        return Q(pk__in=ids) if value else ~Q(pk__in=ids)

    return build


def _next_deadline(party: str) -> Any:
    """When a ticket may next become overdue without anybody touching it."""

    def turns(op: str, value: Any, now: Any) -> list[Any]:
        waiting = Ticket.objects.filter(is_open(), next_due_at__gte=now, **{party: OuterRef("pk")}).order_by()
        late = ExpressionWrapper(Min("next_due_at") + timedelta(microseconds=1), output_field=DateTimeField())
        return [Subquery(waiting.values(party).annotate(first=late).values("first"))]

    return turns


def _ref(key: str, label: Any, ref_type: str, icon: str) -> Criterion:
    return Criterion(key, label, Kind.REF, path=f"{key}_id", ref_type=ref_type, field=key, icon=icon)


criteria.register("ticket", *place_criteria("contact", "company"))
criteria.register(
    "ticket",
    Criterion(
        "subject", _("Subject or requester"), Kind.TEXT, build=_subject, operators=("contains",),
        field="subject", icon="lifebuoy",
    ),
    Criterion(
        "status", _("Status"), Kind.CHOICE, path="status", choices=lambda: TicketStatus.choices, icon="flag"
    ),
    Criterion(
        "priority", _("Priority"), Kind.CHOICE, path="priority", choices=lambda: TicketPriority.choices,
        icon="urgent",
    ),
    Criterion(
        "channel", _("Channel"), Kind.CHOICE, path="channel", choices=lambda: Channel.choices, icon="inbox"
    ),
    _ref("queue", _("Queue"), "queue", "stack"),
    _ref("owner", _("Owner"), "user", "user-circle"),
    _ref("team", _("Team"), "team", "users-group"),
    _ref("contact", _("Contact"), "contact", "user"),
    _ref("company", _("Company"), "company", "building"),
    Criterion("tags", _("Tags"), Kind.REF, build=tags(Ticket), ref_type="tag", field="tags", icon="tag"),
    Criterion("open", _("Is open"), Kind.BOOL, build=_flag(lambda user: is_open()), icon="folder-open"),
    Criterion("overdue", _("Is overdue"), Kind.BOOL, build=_flag(lambda user: is_overdue()), icon="alarm"),
    Criterion(
        "mine", _("Is mine"), Kind.BOOL,
        build=_flag(lambda user: Q(owner_id=getattr(user, "pk", None))), icon="user-check",
    ),
    Criterion(
        "due", _("Due"), Kind.DATE, path="next_due_at", operators=("before", "after", "on", "between", "in_next"),
        icon="clock",
    ),
    Criterion("opened", _("Opened"), Kind.DATE, path="opened_at", icon="calendar"),
    Criterion("created", _("Created"), Kind.DATE, path="created_at", icon="calendar-plus"),
    Criterion("updated", _("Last message"), Kind.DATE, path="last_message_at", icon="message"),
    Criterion(
        "customer_wrote", _("Customer last wrote"), Kind.DATE, path="last_customer_message_at", icon="message-2"
    ),
    Criterion("solved", _("Solved"), Kind.DATE, path="solved_at", icon="circle-check"),
    Criterion("reopened", _("Times reopened"), Kind.NUMBER, path="reopened_count", icon="arrow-back-up"),
    Criterion(
        "has_deadline", _("Clock runs"), Kind.BOOL,
        build=_flag(lambda user: Q(next_due_at__lt=NO_DEADLINE)), icon="hourglass-low",
    ),
)  # fmt: skip
for _party in ("contact", "company"):
    criteria.register(
        _party,
        Criterion(
            "has_open_ticket", _("Has an open ticket"), Kind.BOOL, build=_of_tickets(_party, is_open),
            group=GROUP, icon="lifebuoy", moved_by=TICKETS, reads=("ticket",),
        ),
        Criterion(
            "has_overdue_ticket", _("Has an overdue ticket"), Kind.BOOL, build=_of_tickets(_party, is_overdue),
            group=GROUP, icon="alarm", moved_by=TICKETS, reads=("ticket",), turns=_next_deadline(_party),
        ),
    )  # fmt: skip
