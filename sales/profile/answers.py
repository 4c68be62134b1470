"""Since when, how often, when, with what season, how much, what: answered from somebody's purchases."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from contacts.profile.subject import Subject
from core.money import base_currency
from core.registries.profile import Piece, Rows
from core.ui.charts import Bar, Series, bar_chart, bars
from core.ui.markup import day_text, money_short, money_text, percent
from sales.profile.items import Items, items_of, link_of
from sales.profile.purchases import Purchases, purchases_of
from sales.profile.season import season_of
from sales.profile.words import day_part, gap_words, month_name, span_words, times, weekday_name

ENOUGH_FOR_A_HABIT = 3
"""Below this many purchases a favourite day would be chance."""
QUARTERS_SHOWN = 16


def purchase_answers(subject: Subject, user: Any) -> Mapping[str, Piece]:
    """All that purchases tell; nothing without one."""
    purchases = purchases_of(subject, user)
    if purchases is None:
        return {}
    items = items_of(purchases)
    pieces = {
        "account": _account(purchases),
        "since": _since(purchases),
        "frequency": _frequency(purchases),
        "when": _when(purchases),
        "season": _season(purchases),
        "items": _items(purchases, items),
        "variety": _variety(purchases, items),
    }
    if not purchases.basis.amounts_hidden:
        currency = base_currency()
        pieces["order_size"] = _order_size(purchases, currency)
        pieces["total"] = _total(purchases, currency)
    return {key: piece for key, piece in pieces.items() if piece is not None}


def _counted(purchases: Purchases) -> str:
    number = purchases.figures.count
    if purchases.basis.record_type == "deal":
        return ngettext("%(n)d won deal", "%(n)d won deals", number) % {"n": number}
    return ngettext("%(n)d order", "%(n)d orders", number) % {"n": number}


def _all(purchases: Purchases) -> Rows:
    label = _("Won deals") if purchases.basis.record_type == "deal" else _("Orders")
    return Rows(label, purchases.basis.link, purchases.figures.count)


def _account(purchases: Purchases) -> Piece | None:
    """Who orders is a customer on our books; a won deal alone says nothing of an account."""
    if purchases.basis.record_type != "order":
        return None
    figures = purchases.figures
    assert figures.first_at is not None  # there is a purchase
    first = timezone.localdate(figures.first_at)
    words = ngettext(
        "They order in their own name: %(n)d order, on %(day)s.",
        "They order in their own name: %(n)d orders since %(day)s.",
        figures.count,
    )
    facts = {"orders": figures.count, "first_order": first.isoformat()}
    return Piece([words % {"n": figures.count, "day": day_text(first)}], facts, [_all(purchases)])


def _since(purchases: Purchases) -> Piece:
    first = purchases.figures.first_at
    assert first is not None  # there is a purchase
    day = timezone.localdate(first)
    words = _("Since %(day)s, for %(span)s.") % {"day": day_text(day), "span": span_words(first)}
    facts = {"first": day.isoformat(), "basis": purchases.basis.record_type}
    return Piece(
        [words], facts, [Rows(_("The first"), purchases.basis.narrowed(moment__between=f"{day},{day}"))]
    )


def _frequency(purchases: Purchases) -> Piece:
    figures, gap = purchases.figures, purchases.usual_gap_days
    days = len(purchases.buying_days)
    assert figures.last_at is not None  # there is a purchase
    last = timezone.localdate(figures.last_at)
    told = []
    if gap is None:
        told.append(_("On one day so far: %(count)s.") % {"count": _counted(purchases)})
    else:
        words = _("About %(gap)s: %(count)s on %(days)d days.")
        told.append(words % {"gap": gap_words(gap), "count": _counted(purchases), "days": days})
    told.append(_("Last on %(day)s.") % {"day": day_text(last)})
    facts = {
        "purchases": figures.count,
        "days": days,
        "usual_gap_days": gap,
        "last": last.isoformat(),
    }
    return Piece(told, facts, [_all(purchases)])


def _when(purchases: Purchases) -> Piece:
    weekdays, hours, count = purchases.by_weekday, purchases.by_hour, purchases.figures.count
    weekday = min(weekdays, key=lambda one: (-weekdays[one], one))
    hour = min(hours, key=lambda one: (-hours[one], one)) if hours else None
    share = weekdays[weekday] / count
    facts: dict[str, Any] = {
        "weekdays": {str(day): weekdays[day] for day in sorted(weekdays)},
        "weekday": weekday,
        "hours": {str(at): hours[at] for at in sorted(hours)},
        "hour": hour,
    }
    if count < ENOUGH_FOR_A_HABIT:
        told = [_("Too few purchases to show a habit: %(count)s.") % {"count": _counted(purchases)}]
    else:
        words = _("Most often on a %(weekday)s (%(share)s).")
        told = [words % {"weekday": weekday_name(weekday), "share": percent(share)}]
        told += [_hour_words(hour)] if hour is not None else [_("The time of day was not recorded.")]
    link = purchases.basis.narrowed(moment_weekday=weekday)
    rows = [Rows(_("On %(weekday)s") % {"weekday": weekday_name(weekday)}, link, weekdays[weekday])]
    return Piece(told, facts, rows, lambda: _weekday_chart(purchases))


def _hour_words(hour: int) -> str:
    words = _("Most often %(part)s, between %(from)d and %(to)d h.")
    return words % {"part": day_part(hour), "from": hour, "to": hour + 1}


def _weekday_chart(purchases: Purchases) -> Any:
    found = purchases.by_weekday
    days = range(1, 8)
    urls = [purchases.basis.narrowed(moment_weekday=day).url() if found[day] else "" for day in days]
    return bar_chart(
        _("Purchases by weekday"),
        [weekday_name(day)[:2] for day in days],
        [Series(_("Purchases"), [found[day] for day in days])],
        urls=urls,
        narrow_last=7,
        show=_whole,
    )


def _season(purchases: Purchases) -> Piece | None:
    season = season_of((one.day, one.count) for one in purchases.days)
    if season is None:
        return None
    high, low = season.high, season.low
    words = _("%(high)s is %(times)s an ordinary month, %(low)s %(least)s.")
    if not season.ratios[low]:
        words = _("%(high)s is %(times)s an ordinary month; nothing in %(low)s.")
    told = words % {
        "high": month_name(high), "times": times(season.ratios[high]),
        "low": month_name(low), "least": times(season.ratios[low]),
    }  # fmt: skip
    facts = {"ratios": {str(m): r for m, r in season.ratios.items()}, "high": high, "low": low}
    rows = [Rows(month_name(high), purchases.basis.narrowed(moment_month=high))]
    months = range(1, 13)

    def chart() -> Any:
        return bar_chart(
            _("Purchases against an ordinary month"),
            [month_name(m)[:3] for m in months],
            [Series(_("Ordinary month = 1"), [season.ratios[m] for m in months])],
            urls=[purchases.basis.narrowed(moment_month=m).url() if season.ratios[m] else "" for m in months],
            narrow_last=12,
        )

    return Piece([told], facts, rows, chart)


def _order_size(purchases: Purchases, currency: str) -> Piece:
    figures = purchases.figures
    words = _("Usually %(median)s, on average %(average)s, at most %(largest)s.")
    told = words % {
        "median": money_text(figures.median, currency),
        "average": money_text(figures.average, currency),
        "largest": money_text(figures.largest, currency),
    }
    facts = {
        "median": str(figures.median),
        "average": str(figures.average),
        "largest": str(figures.largest),
        "currency": currency,
    }
    key = "amount__gte" if purchases.basis.record_type == "deal" else "total__gte"
    link = purchases.basis.narrowed(**{key: figures.median})
    return Piece([told], facts, [_all(purchases), Rows(_("The larger half"), link)])


def _total(purchases: Purchases, currency: str) -> Piece:
    figures = purchases.figures
    by_year: dict[int, Decimal] = {}
    for one in purchases.days:
        by_year[one.day.year] = by_year.get(one.day.year, Decimal(0)) + one.net
    told = [_("%(amount)s in all, cancellations taken off.") % {"amount": money_text(figures.net, currency)}]
    if purchases.basis.record_type == "deal":
        told = [_("%(amount)s in all.") % {"amount": money_text(figures.net, currency)}]
    facts = {
        "net": str(figures.net),
        "by_year": {str(year): str(amount) for year, amount in sorted(by_year.items())},
        "currency": currency,
    }
    return Piece(told, facts, [_all(purchases)], lambda: _quarter_chart(purchases, currency))


def _quarter_chart(purchases: Purchases, currency: str) -> Any:
    quarters: dict[tuple[int, int], Decimal] = {}
    first, last = purchases.days[0].day, purchases.days[-1].day
    at = (first.year, (first.month - 1) // 3)
    while at <= (last.year, (last.month - 1) // 3):
        quarters[at] = Decimal(0)
        at = (at[0], at[1] + 1) if at[1] < 3 else (at[0] + 1, 0)
    for one in purchases.days:
        quarters[(one.day.year, (one.day.month - 1) // 3)] += one.net
    shown = list(quarters.items())[-QUARTERS_SHOWN:]
    urls = [purchases.basis.narrowed(moment__between=_quarter_days(key)).url() for key, _net in shown]
    return bar_chart(
        _("Spent by quarter"),
        [f"Q{quarter + 1} {str(year)[2:]}" for (year, quarter), _net in shown],
        [Series(_("Spent"), [float(max(net, Decimal(0))) for _key, net in shown])],
        urls=urls,
        narrow_last=6,
        show=lambda value: money_short(value, currency),
        exact=lambda value: money_text(Decimal(str(round(value, 2))), currency),
    )


def _quarter_days(key: tuple[int, int]) -> str:
    year, quarter = key
    start = date(year, quarter * 3 + 1, 1)
    following = date(year + (quarter == 3), (quarter * 3 + 3) % 12 + 1, 1)
    return f"{start},{following - timedelta(days=1)}"


def _items(purchases: Purchases, items: Items) -> Piece | None:
    if not items.top:
        return None
    hidden = purchases.basis.amounts_hidden
    names = ", ".join(item.name for item in items.top[:3])
    kinds = ngettext("%(n)d different item", "%(n)d different items", items.kinds) % {"n": items.kinds}
    told = [_("Above all: %(items)s.") % {"items": names}, _("%(kinds)s in all.") % {"kinds": kinds}]
    facts = {
        "kinds": items.kinds,
        "top": [
            {"item": i.name, "purchases": i.purchases} | ({} if hidden else {"amount": str(i.amount)})
            for i in items.top
        ],
    }
    rows = [
        Rows(i.name, link_of(i, purchases), i.purchases) for i in items.top[:3] if i.product_id is not None
    ]
    currency = "" if hidden else base_currency()

    def chart() -> Any:
        shown = [
            Bar(
                i.name,
                i.purchases if hidden else float(i.amount),
                _("in %(n)d") % {"n": i.purchases},
                _url(i),
            )
            for i in items.top
        ]
        show = _whole if hidden else (lambda value: money_short(value, currency))
        return bars(_("Items"), shown, show=show, head=[_("Item"), _("Value"), _("Purchases")])

    def _url(item: Any) -> str:
        link = link_of(item, purchases)
        return link.url() if link is not None else ""

    return Piece(told, facts, rows or [_all(purchases)], chart)


def _variety(purchases: Purchases, items: Items) -> Piece | None:
    share = items.repeat_share
    if share is None:
        return None
    if items.pairs == items.kinds * items.purchases:
        told = _("Always the same.")
    elif share >= 0.5:
        told = _("Mostly the same: %(share)s of what a purchase holds had been bought before.")
    elif share > 0:
        told = _("Mostly new: %(share)s of what a purchase holds had been bought before.")
    else:
        told = _("Never the same twice.")
    facts = {"repeat_share": round(share, 4), "kinds": items.kinds, "pairs": items.pairs}
    return Piece([told % {"share": percent(share)}], facts, [_all(purchases)])


def _whole(value: Any) -> str:
    return str(int(value)) if float(value).is_integer() else ""
