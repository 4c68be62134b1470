"""How somebody communicates: what activities tell of channels, and the answer over all apps' channels."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count
from django.db.models.functions import ExtractHour
from django.utils import timezone
from django.utils.translation import gettext as _

from contacts.enums import ActivityKind, CallOutcome
from contacts.models import Activity, Contact
from contacts.profile.channels import ChannelUse, channels_of
from contacts.profile.stated import agrees, hour_words, stated
from contacts.profile.subject import Subject
from contacts.selectors.permissions import consents_of
from core.registries.profile import Piece, Rows
from core.scope.access import profile_for
from core.ui.charts import Bar, bars
from core.ui.markup import percent

TALKS = (ActivityKind.CALL, ActivityKind.EMAIL, ActivityKind.MEETING, ActivityKind.VISIT)
ENOUGH_FOR_AN_HOUR = 3
"""Below this many moments an hour would be chance."""


def clock_of(subject: Subject) -> Any:
    """The zone in which the subject's hours are counted: their own, or the viewer's."""
    name = getattr(subject.record, "time_zone", "")
    try:
        return ZoneInfo(name) if name else timezone.get_current_timezone()
    except (KeyError, ValueError, OSError):  # a zone that somebody typed
        return timezone.get_current_timezone()


def activity_channels(subject: Subject, user: Any) -> Iterable[ChannelUse]:
    """Calls, mails, meetings and visits that have happened. One query of at most a few hundred groups."""
    if not profile_for(user).allows("activity", "view"):
        return []
    rows = Activity.objects.visible_to(user).filter(
        subject.rows(copied=True), kind__in=TALKS, occurred_at__lte=timezone.now()
    )
    groups = (
        rows.order_by()
        .annotate(hour=ExtractHour("occurred_at", tzinfo=clock_of(subject)))
        .values_list("kind", "direction", "outcome", "hour")
        .annotate(number=Count("pk"))
    )
    by_kind: dict[str, list[tuple[str, str, int, int]]] = defaultdict(list)
    for kind, direction, outcome, hour, number in groups:
        by_kind[kind].append((direction, outcome, hour, number))
    return [_channel(subject, kind, lines) for kind, lines in by_kind.items()]


def _channel(subject: Subject, kind: str, lines: list[tuple[str, str, int, int]]) -> ChannelUse:
    by_us = by_them = tried = answered = total = 0
    hours: Counter[int] = Counter()
    for direction, outcome, hour, number in lines:
        total += number
        theirs = direction == "in" or kind in (ActivityKind.MEETING, ActivityKind.VISIT)
        by_them += number if theirs else 0
        by_us += 0 if theirs else number
        reached = outcome == CallOutcome.CONNECTED
        if kind == ActivityKind.CALL and outcome and direction != "in":
            tried += number
            answered += number if reached else 0
        if theirs or reached:
            hours[hour] += number
    label = str(ActivityKind(kind).label)
    rows = Rows(label, subject.link("activity", kind=kind), total)
    return ChannelUse(str(kind), label, by_us, by_them, tried, answered, hours, (rows,))


def channels_answer(subject: Subject, user: Any) -> Mapping[str, Piece]:
    """What they asked for and what is seen: channels used and preferred, the best hour, whether they answer,
    and whether they may be mailed. What somebody said goes before what is seen of them."""
    used = channels_of(subject, user)
    hidden = profile_for(user).hidden_fields(subject.record.record_type)
    said = stated(subject, user)
    told = said.facts if said is not None else {}
    wish = told.get("stated")
    seen = used[0].key if used and used[0].reached else None
    sentences = [*(said.sentences if said else ()), *_sentences(used), *_compared(agrees(told, seen))]
    facts: dict[str, Any] = {
        "used": [
            {
                "channel": u.key,
                "by_us": u.by_us,
                "by_them": u.by_them,
                "tried": u.tried,
                "answered": u.answered,
            }
            for u in used
        ],
        "preferred": wish or seen,
        "stated": None,
        "seen": seen,
        "as_stated": agrees(told, seen),
        "best_hour": best_hour(used),
        **told,
    }
    if isinstance(subject.record, Contact):
        sentences += _permission(subject.record, hidden, facts)
    if not used and not sentences:
        return {}
    rows = [*(said.rows if said else ()), *(one for use in used for one in use.rows)]
    return {"channels": Piece(sentences, facts, rows, (lambda: _chart(used)) if used else None)}


def best_hour(used: list[ChannelUse]) -> int | None:
    """The hour in which they most often spoke, wrote or answered; None below ENOUGH_FOR_AN_HOUR moments."""
    hours: Counter[int] = sum((use.hours for use in used), Counter())
    if hours.total() < ENOUGH_FOR_AN_HOUR:
        return None
    return min(hours, key=lambda hour: (-hours[hour], hour))


def _sentences(used: list[ChannelUse]) -> list[str]:
    if not used:
        return []
    names = ", ".join(use.label for use in used)
    told = [_("Used so far: %(channels)s.") % {"channels": names}]
    if used[0].reached:
        told.append(_("Seen to prefer: %(channel)s.") % {"channel": used[0].label})
    hour = best_hour(used)
    if hour is not None:
        told.append(_("Seen to answer best: %(hours)s.") % {"hours": hour_words(hour)})
    tried, answered = sum(u.tried for u in used), sum(u.answered for u in used)
    if tried:
        words = _("They answered %(answered)d of %(tried)d times (%(share)s).")
        told.append(words % {"answered": answered, "tried": tried, "share": percent(answered / tried)})
    return told


def _compared(as_stated: bool | None) -> list[str]:
    """A word only where doing and saying differ."""
    if as_stated is False:
        return [_("What is seen differs from what they asked for.")]
    return []


def _permission(contact: Contact, hidden: frozenset[str], facts: dict[str, Any]) -> list[str]:
    if "do_not_contact" not in hidden:
        facts["do_not_contact"] = contact.do_not_contact
        if contact.do_not_contact:
            return [_("They do not want to be contacted.")]
    if "consents" in hidden:
        return []
    state = consents_of([contact.pk]).get(contact.pk, "")
    facts["consent"] = state
    told = {"granted": _("They agreed to mailings."), "withdrawn": _("They do not want mailings.")}
    return [told[state]] if state in told else []


def _chart(used: list[ChannelUse]) -> Any:
    items = [
        Bar(use.label, max(use.by_us, use.tried) + use.by_them, _("%(n)d by them") % {"n": use.reached})
        for use in used
    ]
    return bars(_("Channels"), items, show=lambda value: str(int(value)), head=["", _("Times"), ""])
