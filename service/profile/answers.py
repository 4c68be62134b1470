"""Problems, cases and channels of a customer, from tickets in the viewer's scope."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from django.db.models import (
    Aggregate,
    CharField,
    Count,
    DurationField,
    ExpressionWrapper,
    F,
    Func,
    Max,
    Q,
    QuerySet,
    Value,
)
from django.db.models.functions import ExtractHour, Lower, Trim
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from contacts.profile.channels import ChannelUse
from contacts.profile.subject import Subject
from contacts.profile.talks import clock_of
from core.registries.profile import Piece, Rows
from core.scope.access import profile_for
from core.ui.charts import Segment, stacked
from service.enums import Channel, Direction, TicketStatus
from service.models import Message, Ticket
from service.rules import OPEN_STATUSES
from service.selectors.tickets import is_overdue

SHOWN = 3
SOLVED = (TicketStatus.SOLVED.value, TicketStatus.CLOSED.value)


class MedianSpan(Aggregate):
    """The middle one of several spans of time."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DurationField()


def ticket_answers(subject: Subject, user: Any) -> Mapping[str, Piece]:
    """Two or three queries; nothing where the role may not view tickets, or there are none."""
    profile = profile_for(user)
    if not profile.allows("ticket", "view"):
        return {}
    tickets = Ticket.objects.visible_to(user).filter(subject.rows(copied=True))
    cases = _cases(subject, tickets)
    if cases is None:
        return {}
    hidden = "subject" in profile.hidden_fields("ticket")
    return {"cases": cases, **({} if hidden else {"problems": _problems(subject, tickets)})}


def _problems(subject: Subject, tickets: QuerySet[Ticket]) -> Piece:
    """Subjects that are the same but for numbers and answers' “Re:” are one problem."""
    plain = _replace(_replace(Lower("subject"), r"^((re|fw|fwd|aw|wg)\s*:\s*)+", ""), r"[0-9]+", "…")
    groups: list[Any] = list(
        tickets.order_by()
        .annotate(problem=Trim(plain))
        .values("problem")
        .annotate(times=Count("pk"), last=Max("opened_at"), example=Max("subject"))
        .order_by("-times", "-last", "problem")[:SHOWN]
    )
    told = [
        ngettext("%(subject)s (%(n)d case).", "%(subject)s (%(n)d cases).", group["times"])
        % {"subject": _readable(group), "n": group["times"]}
        for group in groups
    ]
    facts = {"problems": [{"problem": g["problem"], "tickets": g["times"]} for g in groups]}
    rows = [
        Rows(_readable(g), subject.link("ticket", subject=_longest_part(g["problem"])), None)
        for g in groups
        if _longest_part(g["problem"])
    ]
    return Piece(told, facts, rows)


def _readable(group: dict[str, Any]) -> str:
    """The subject as it was written where it has no number that differs."""
    return str(group["example"] if "…" not in group["problem"] else group["problem"].capitalize())


def _longest_part(problem: str) -> str:
    """The words between numbers by which its tickets are found."""
    return max((part.strip(" #") for part in problem.split("…")), key=len)


def _replace(expression: Any, pattern: str, by: str) -> Func:
    return Func(
        expression, Value(pattern), Value(by), Value("g"), function="regexp_replace", output_field=CharField()
    )


def _cases(subject: Subject, tickets: QuerySet[Ticket]) -> Piece | None:
    span = ExpressionWrapper(F("solved_at") - F("opened_at"), output_field=DurationField())
    counts = {status: Count("pk", filter=Q(status=status)) for status in TicketStatus.values}
    found = tickets.order_by().aggregate(
        **{f"is_{status}": count for status, count in counts.items()},
        overdue=Count("pk", filter=is_overdue()),
        to_solve=MedianSpan(span, filter=Q(status__in=SOLVED)),
    )
    by_status = {status: found[f"is_{status}"] for status in TicketStatus.values if found[f"is_{status}"]}
    if not by_status:
        return None
    still_open = sum(n for status, n in by_status.items() if status in OPEN_STATUSES)
    solved = sum(n for status, n in by_status.items() if status in SOLVED)
    hours = _hours(found["to_solve"])
    facts = {
        "by_status": by_status,
        "open": still_open,
        "solved": solved,
        "overdue": found["overdue"],
        "median_hours_to_solve": hours,
    }
    told = [_standing(still_open, solved)]
    if found["overdue"]:
        told.append(
            ngettext("%(n)d is overdue.", "%(n)d are overdue.", found["overdue"]) % {"n": found["overdue"]}
        )
    if hours is not None:
        told.append(_("Usually solved within %(span)s.") % {"span": _span(hours)})
    rows = [Rows(_("Open"), subject.link("ticket", open="true"), still_open)] if still_open else []
    rows += [
        Rows(str(TicketStatus(status).label), subject.link("ticket", status=status), number)
        for status, number in by_status.items()
    ]
    return Piece(told, facts, rows, lambda: _chart(by_status))


def _standing(still_open: int, solved: int) -> str:
    words = ngettext("%(n)d case open", "%(n)d cases open", still_open) % {"n": still_open}
    return f"{words}, {ngettext('%(n)d solved', '%(n)d solved', solved) % {'n': solved}}."


def _hours(span: timedelta | None) -> float | None:
    return None if span is None else round(span.total_seconds() / 3600, 1)


def _span(hours: float) -> str:
    if hours < 48:
        return ngettext("%(n)d hour", "%(n)d hours", max(round(hours), 1)) % {"n": max(round(hours), 1)}
    return ngettext("%(n)d day", "%(n)d days", round(hours / 24)) % {"n": round(hours / 24)}


def _chart(by_status: dict[str, int]) -> Any:
    parts = [
        Segment(str(TicketStatus(status).label), number, f"series-{place}")
        for place, (status, number) in enumerate(by_status.items(), 1)
    ]
    return stacked(_("Cases by state"), parts, show=lambda value: str(int(value)))


def ticket_channels(subject: Subject, user: Any) -> Iterable[ChannelUse]:
    """What was written on tickets, by the channel they came over. One query."""
    if not profile_for(user).allows("ticket", "view"):
        return []
    tickets = Ticket.objects.visible_to(user).filter(
        subject.rows(copied=True), channel__in=[Channel.MAIL, Channel.FORM]
    )
    groups = (
        Message.objects.filter(ticket__in=tickets.values("pk"), is_automatic=False)
        .exclude(direction=Direction.NOTE)
        .order_by()
        .annotate(hour=ExtractHour("at", tzinfo=clock_of(subject)))
        .values_list("ticket__channel", "direction", "hour")
        .annotate(number=Count("pk"), tickets=Count("ticket", distinct=True))
    )
    by_channel: dict[str, list[tuple[str, int, int]]] = {}
    for channel, direction, hour, number, _tickets in groups:
        by_channel.setdefault(channel, []).append((direction, hour, number))
    return [_use(subject, channel, lines) for channel, lines in by_channel.items()]


def _use(subject: Subject, channel: str, lines: list[tuple[str, int, int]]) -> ChannelUse:
    hours: Counter[int] = Counter()
    for direction, hour, number in lines:
        if direction == Direction.IN:
            hours[hour] += number
    label = str(Channel(channel).label)
    return ChannelUse(
        "email" if channel == Channel.MAIL else "form",
        label,
        by_us=sum(n for direction, _hour, n in lines if direction == Direction.OUT),
        by_them=sum(n for direction, _hour, n in lines if direction == Direction.IN),
        hours=hours,
        rows=(Rows(_("Tickets: %(channel)s") % {"channel": label}, subject.link("ticket", channel=channel)),),
    )
