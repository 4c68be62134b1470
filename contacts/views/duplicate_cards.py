"""A pair of records that may be one, prepared for pages: both side by side, and why."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from contacts.geo.names import country_name
from contacts.matching.words import Reason, sentence
from contacts.selectors.duplicates import may_decide, reasons_for
from core.enums import Action
from core.registries import records
from core.scope.access import profile_for


@dataclass(frozen=True)
class Line:
    """A field of both records side by side."""

    label: Any
    one: str
    other: str
    compared: bool = True

    @property
    def differs(self) -> bool:
        return self.compared and bool(
            self.one and self.other and self.one.casefold() != self.other.casefold()
        )


@dataclass(frozen=True)
class Card:
    """A pair as the page shows it."""

    pair: Any
    urls: tuple[str, str]
    percent: int
    reasons: list[Reason]
    lines: list[Line]
    merge_url: str
    decide_url: str


def cards(user: Any, kind: str, pairs: list[Any]) -> list[Card]:
    """The pairs with what the person may see of both and may do about them."""
    allowed = may_decide(user, pairs)
    may_merge = profile_for(user).allows(kind, Action.DELETE)
    record_type = records.get(kind)
    lines = person_lines if kind == "contact" else company_lines
    hidden = profile_for(user).hidden_fields(kind)
    return [
        Card(
            pair,
            (record_type.url_of(pair.a_id), record_type.url_of(pair.b_id)),
            min(round(pair.score * 100), 99),
            reasons_for(user, kind, pair.levels, pair.a, pair.b),
            [line for name, line in lines(pair.a, pair.b) if not name & hidden and (line.one or line.other)],
            merge_url(kind, pair.a_id, pair.b_id) if may_merge and pair.pk in allowed else "",
            reverse("contacts:duplicate_decide", args=[kind, pair.pk]) if pair.pk in allowed else "",
        )
        for pair in pairs
    ]


def person_lines(a: Any, b: Any) -> list[tuple[set[str], Line]]:
    """(names under which a role may hide it, line) for two people."""
    return [
        ({"email", "points"}, Line(_("E-mail"), _points(a, "email"), _points(b, "email"))),
        (
            {"phone", "points"},
            Line(_("Phone"), _points(a, "phone", "mobile"), _points(b, "phone", "mobile")),
        ),
        ({"company"}, Line(_("Company"), _name_of(a.company), _name_of(b.company))),
        ({"addresses", "address"}, Line(_("Address"), _addresses(a), _addresses(b))),
        ({"birthday"}, Line(_("Birthday"), _day(a.birthday), _day(b.birthday))),
        ({"job_title"}, Line(_("Job title"), a.job_title, b.job_title)),
        ({"owner"}, Line(_("Owner"), _name_of(a.owner), _name_of(b.owner))),
        (
            {"created_at"},
            Line(_("Created"), _day(a.created_at.date()), _day(b.created_at.date()), compared=False),
        ),
    ]


def company_lines(a: Any, b: Any) -> list[tuple[set[str], Line]]:
    """(names under which a role may hide it, line) for two companies."""
    return [
        ({"domain"}, Line(_("Web domain"), a.domain, b.domain)),
        (
            {"phone", "points"},
            Line(_("Phone"), _points(a, "phone", "mobile"), _points(b, "phone", "mobile")),
        ),
        ({"addresses", "address"}, Line(_("Address"), _addresses(a), _addresses(b))),
        ({"country"}, Line(_("Country"), country_name(a.country), country_name(b.country))),
        ({"industry"}, Line(_("Industry"), a.industry, b.industry)),
        ({"owner"}, Line(_("Owner"), _name_of(a.owner), _name_of(b.owner))),
        (
            {"created_at"},
            Line(_("Created"), _day(a.created_at.date()), _day(b.created_at.date()), compared=False),
        ),
    ]


def _points(record: Any, *kinds: str) -> str:
    found = sorted(record.points.all(), key=lambda point: (not point.is_primary, point.pk))
    return ", ".join(point.value for point in found if point.kind in kinds)


def _addresses(record: Any) -> str:
    return " · ".join(str(address) for address in record.addresses.all()) or record.city


def _name_of(other: Any) -> str:
    return str(other) if other is not None else ""


def _day(value: Any) -> str:
    return date_format(value, "j M Y") if value else ""


def merge_url(kind: str, *ids: int) -> str:
    """The page on which the records are compared and merged."""
    return f"{reverse(f'contacts:{kind}_merge')}?ids={','.join(map(str, ids))}"


@dataclass(frozen=True)
class PanelCard:
    """The other record of a pair, beside the page of one."""

    other: Any
    url: str
    percent: int
    why: str
    merge_url: str
    decide_url: str


def panel_cards(user: Any, kind: str, record: Any, pairs: list[Any]) -> list[PanelCard]:
    """The pairs of `record`, seen from it."""
    return [
        PanelCard(
            card.pair.b if card.pair.a_id == record.pk else card.pair.a,
            card.urls[1] if card.pair.a_id == record.pk else card.urls[0],
            card.percent,
            sentence(card.reasons),
            card.merge_url,
            card.decide_url,
        )
        for card in cards(user, kind, pairs)
    ]
