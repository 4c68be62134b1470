"""Why somebody needs what we sell, and why they bought or did not: answered from their deals."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Count, Max, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from contacts.profile.subject import Subject
from core.registries.profile import Piece, Rows
from core.scope.access import profile_for
from core.ui.charts import Bar, bars
from core.ui.markup import mid_sentence
from sales.enums import DealStatus, LostReason, WonReason
from sales.models import Deal, DealLine

SHOWN = 3
WORDS = 160


def deal_answers(subject: Subject, user: Any) -> Mapping[str, Piece]:
    """What they asked for, and the reasons of decided deals. Four queries."""
    profile = profile_for(user)
    if not profile.allows("deal", "view"):
        return {}
    deals = Deal.objects.visible_to(user).filter(subject.rows("deal_contacts__contact"))
    hidden = profile.hidden_fields("deal")
    found = {"need": _need(subject, deals, hidden), "reasons": _reasons(subject, deals, hidden)}
    return {key: piece for key, piece in found.items() if piece is not None}


def _need(subject: Subject, deals: QuerySet[Deal], hidden: frozenset[str]) -> Piece | None:
    """The items that deals are about, whatever came of them, and what is open now."""
    names = list(
        deals.filter(status=DealStatus.OPEN)
        .order_by("-opened_at", "-pk")
        .values_list("name", flat=True)[: SHOWN + 1]
    )
    open_count = deals.filter(status=DealStatus.OPEN).order_by().count() if len(names) > SHOWN else len(names)
    asked = (
        DealLine.objects.filter(deal__in=deals.values("pk"))
        .order_by()
        .annotate(item=Coalesce("product__name", "description"))
        .exclude(item="")
        .values("item")
        .annotate(deals=Count("deal", distinct=True), product=Max("product_id"))
        .order_by("-deals", "item")[:SHOWN]
    )
    items = list(asked)
    if not items and not names:
        return None
    told = []
    if items:
        words = ", ".join(item["item"] for item in items)
        told.append(_("They have asked for: %(items)s.") % {"items": words})
    if names and "name" not in hidden:
        told.append(_("Open now: %(deals)s.") % {"deals": ", ".join(names[:SHOWN])})
    facts = {
        "asked_for": [{"item": item["item"], "deals": item["deals"]} for item in items],
        "open_deals": open_count,
    }
    rows = [
        Rows(item["item"], subject.link("deal", product=item["product"]), item["deals"])
        for item in items
        if item["product"] is not None
    ]
    if open_count:
        rows.append(Rows(_("Open deals"), subject.link("deal", status="open"), open_count))
    return Piece(told, facts, rows)


def _reasons(subject: Subject, deals: QuerySet[Deal], hidden: frozenset[str]) -> Piece | None:
    decided = deals.exclude(status=DealStatus.OPEN)
    groups: list[Any] = list(
        decided.order_by()
        .values("status", "won_reason", "lost_reason")
        .annotate(number=Count("pk", distinct=True))
        .order_by("-number", "status", "won_reason", "lost_reason")
    )
    if not groups:
        return None
    won, lost = _tally(groups, "won", hidden), _tally(groups, "lost", hidden)
    totals = {key: sum(g["number"] for g in groups if g["status"] == key) for key in ("won", "lost")}
    told = [_decided(totals)]
    told += [_("Won mostly because of: %(why)s.") % {"why": _label(WonReason, won)}] if won else []
    told += [_("Lost mostly because of: %(why)s.") % {"why": _label(LostReason, lost)}] if lost else []
    told += _own_words(decided, hidden)
    rows = []
    for key, reasons in (("won", won), ("lost", lost)):
        enum: Any = WonReason if key == "won" else LostReason
        rows += [
            Rows(
                str(enum(reason).label), subject.link("deal", status=key, **{f"{key}_reason": reason}), number
            )
            for reason, number in list(reasons.items())[:2]
        ]
    for key, label in (("won", _("Won")), ("lost", _("Lost"))):
        if totals[key]:
            rows.append(Rows(label, subject.link("deal", status=key), totals[key]))
    facts = {"won": totals["won"], "lost": totals["lost"], "won_reasons": won, "lost_reasons": lost}
    chart = (lambda: _chart(won, lost)) if won or lost else None
    return Piece(told, facts, rows, chart)


def _tally(groups: list[dict[str, Any]], key: str, hidden: frozenset[str]) -> dict[str, int]:
    """Deals by reason, most frequent first; deals without one are left out."""
    name = f"{key}_reason"
    if name in hidden:
        return {}
    found: dict[str, int] = {}
    for group in groups:
        if group["status"] == key and group[name]:
            found[group[name]] = found.get(group[name], 0) + group["number"]
    return dict(sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))


def _decided(totals: dict[str, int]) -> str:
    won = ngettext("%(n)d deal won", "%(n)d deals won", totals["won"]) % {"n": totals["won"]}
    lost = ngettext("%(n)d lost", "%(n)d lost", totals["lost"]) % {"n": totals["lost"]}
    return f"{won}, {lost}."


def _label(enum: Any, reasons: dict[str, int]) -> str:
    reason, number = next(iter(reasons.items()))
    return f"{mid_sentence(enum(reason).label)} ({number})"


def _own_words(decided: QuerySet[Deal], hidden: frozenset[str]) -> list[str]:
    """What was written down when the newest deals were decided."""
    if "close_note" in hidden:
        return []
    notes = (
        decided.exclude(close_note="").order_by("-closed_at", "-pk").values_list("close_note", flat=True)[:2]
    )
    return [f"“{' '.join(note.split())[:WORDS]}”" for note in notes]


def _chart(won: dict[str, int], lost: dict[str, int]) -> Any:
    items = [Bar(str(WonReason(reason).label), number, _("won")) for reason, number in won.items()]
    items += [Bar(str(LostReason(reason).label), number, _("lost")) for reason, number in lost.items()]
    return bars(
        _("Reasons"), items[:8], show=lambda value: str(int(value)), head=[_("Reason"), _("Deals"), ""]
    )
