"""Who somebody may already be: before saving, for imports, and the pairs that scans have found."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Count, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Floor

from contacts.enums import PairState, PointKind
from contacts.matching.companies import CompanyRecord
from contacts.matching.comparing import FLOOR, ScoredPair, compare_new
from contacts.matching.kinds import KINDS
from contacts.matching.people_columns import Population
from contacts.matching.people_rows import PersonRecord
from contacts.matching.words import Reason, reasons, sentence
from contacts.models import CompanyDuplicate, ContactDuplicate, MatchingSettings
from contacts.normalise import normalise_point
from contacts.selectors.candidates import CANDIDATES, LIVE
from contacts.selectors.matching_rows import READERS, these
from contacts.services.points import default_country
from core.enums import Action
from core.scope.access import profile_for

LIMIT = 5
PAIRS: dict[str, Any] = {"contact": ContactDuplicate, "company": CompanyDuplicate}
ABOUT = {
    # which fields, if hidden from somebody, make a reason about them hidden too
    "email": {"email", "points"}, "mobile": {"phone", "mobile", "points"},
    "mail_name": {"email", "points", "first_name", "last_name"},
    "phone": {"phone", "points"}, "domain": {"domain"}, "site_name": {"domain"}, "birthday": {"birthday"},
    "address": {"addresses", "address", "city"}, "company": {"company", "affiliations"}, "given": {"first_name"},
    "surname": {"last_name"}, "salutation": {"salutation"}, "country": {"country"},
}  # fmt: skip


@dataclass(frozen=True)
class Possible:
    """A record that may be the same, how likely, and why; `hint` tells it from others of its name."""

    record: Any
    score: float
    reason: str
    hint: str = ""


def settings_for(kind: str) -> MatchingSettings:
    """The settings of a kind of records; not yet saved ones are the defaults."""
    return MatchingSettings.objects.filter(kind=kind).first() or MatchingSettings(kind=kind)


def population_of(settings: MatchingSettings) -> Population:
    """What the last scan learnt of how common names are."""
    known = settings.population
    return Population(known.get("total", 0), known.get("surnames", {}), known.get("given", {}))


def matches(
    kind: str,
    records: Sequence[Any],
    visible: QuerySet[Any],
    *,
    at_least: float | None = None,
    settings: MatchingSettings | None = None,
    among: set[int] | None = None,
) -> list[list[ScoredPair]]:
    """For each record that is not saved yet its likest known ones among `visible`, for pages and imports alike.

    `a` of a pair is the known id, `b` the record's place. `at_least` is FLOOR or more; by default the likeness
    from which people are asked; `among` are ids of `visible` that are worth comparing, where the asker has found
    them. A fixed number of queries for any number of records.
    """
    settings = settings or settings_for(kind)
    least = settings.review if at_least is None else max(at_least, FLOOR)
    own = {record.id for record in records if record.id}
    ids = (CANDIDATES[kind](records, visible) if among is None else among) - own
    known = READERS[kind](these(ids)) if ids else []
    if not known:
        return [[] for _record in records]
    found = compare_new(KINDS[kind], known, records, population_of(settings))
    return [[pair for pair in pairs if pair.score >= least] for pairs in found]


def possible_contacts(
    user: Any, *, first_name: str = "", last_name: str = "", email: str = "", phone: str = "",
    company_id: int | None = None, salutation: str = "", birthday: Any = None, city: str = "",
    exclude: int | None = None,
) -> list[Possible]:  # fmt: skip
    """People in the asker's scope who may be the one described, the likest first; five at most."""
    person = PersonRecord(
        id=exclude or 0,
        first_name=first_name,
        last_name=last_name,
        salutation=salutation,
        birthday=birthday,
        emails=_normalised("email", email),
        phones=_normalised("phone", phone),
        addresses=[("", "", city)] if city else (),
        companies=[company_id] if company_id else (),
    )
    return _possible(user, "contact", person, first_name=first_name, last_name=last_name)


def possible_companies(
    user: Any, *, name: str = "", domain: str = "", country: str = "", phone: str = "", city: str = "",
    exclude: int | None = None,
) -> list[Possible]:  # fmt: skip
    """Companies in the asker's scope that may be the one described, the likest first; five at most."""
    company = CompanyRecord(
        id=exclude or 0,
        name=name,
        domain=domain,
        country=country,
        phones=_normalised("phone", phone),
        addresses=[("", "", city)] if city else (),
    )
    return _possible(user, "company", company, name=name)


def _possible(user: Any, kind: str, described: Any, **names: str) -> list[Possible]:
    visible = LIVE[kind].objects.visible_to(user)
    settings = settings_for(kind)
    (found,) = matches(kind, [described], visible, at_least=FLOOR, settings=settings)
    pairs = [pair for pair in found if pair.score >= settings.review or _same_name(pair.levels)][:LIMIT]
    records = visible.prefetch_related("points").in_bulk([pair.a for pair in pairs]) if pairs else {}
    asked = _Described(**names)
    return [
        Possible(
            records[pair.a],
            pair.score,
            sentence(reasons_for(user, kind, pair.levels, asked, records[pair.a])),
            _hint(records[pair.a], profile_for(user).hidden_fields(kind)),
        )
        for pair in pairs
        if pair.a in records
    ]


def _hint(record: Any, hidden: frozenset[str]) -> str:
    """Main address or web domain, and town, without what the asker's role hides."""
    if record.record_type == "company":
        reach = "" if "domain" in hidden else record.domain
    else:
        reach = "" if hidden & ABOUT["email"] else _main_email(record)
    return " · ".join(part for part in (reach, "" if "city" in hidden else record.city) if part)


def _main_email(record: Any) -> str:
    mails = [point for point in record.points.all() if point.kind == PointKind.EMAIL]
    return next((point.value for point in sorted(mails, key=lambda point: not point.is_primary)), "")


class _Described:
    """What was typed, in the shape of a record, for saying why."""

    def __init__(self, **names: str) -> None:
        self.first_name = names.get("first_name", "")
        self.last_name = names.get("last_name", "")
        self.name = names.get("name", "")


def _same_name(levels: dict[str, str]) -> bool:
    return levels.get("name") == "same" or (
        levels.get("given") == "same" and levels.get("surname") in ("rare", "same", "common")
    )


def _normalised(kind: str, value: str) -> list[str]:
    try:
        country = default_country() if value and kind == "phone" else ""
        return [normalise_point(kind, value, country)] if value else []
    except ValidationError:
        return []


def reasons_for(user: Any, kind: str, levels: dict[str, str], one: Any, other: Any) -> list[Reason]:
    """Why two records may be one, without what the asker's role hides."""
    hidden = profile_for(user).hidden_fields(kind)
    told = {name: level for name, level in levels.items() if not ABOUT.get(name, set()) & hidden}
    return reasons(told, one, other)


def open_pairs(user: Any, kind: str) -> QuerySet[Any]:
    """The pairs to look at: open, likely enough, both records in the asker's scope."""
    rows: QuerySet[Any] = PAIRS[kind].objects.visible_to(user)
    set_by_hand = MatchingSettings.objects.filter(kind=kind).values("review")[:1]
    least = Coalesce(Subquery(set_by_hand), Value(MatchingSettings(kind=kind).review))
    return rows.filter(state=PairState.OPEN, score__gte=least)


def pairs_of(user: Any, kind: str, pk: int, limit: int) -> list[Any]:
    """The open pairs of one record, the likest first. Most records have none, so that is asked first: who sees what
    is worked out where there is a pair, and its records are read where one is seen."""
    about = Q(a=pk) | Q(b=pk)
    if not PAIRS[kind].objects.filter(about, state=PairState.OPEN).exists():
        return []
    found = open_pairs(user, kind).filter(about).order_by("-score", "pk")
    keys = list(found.values_list("pk", flat=True)[:limit])
    rows: QuerySet[Any] = PAIRS[kind].objects.filter(pk__in=keys)
    return list(with_records(rows).order_by("-score", "pk")) if keys else []


def with_records(pairs: QuerySet[Any]) -> QuerySet[Any]:
    """Join what the page shows of both records."""
    kind = pairs.model
    more = ("company",) if kind is ContactDuplicate else ("parent",)
    joins = [f"{side}__{name}" for side in ("a", "b") for name in ("owner", *more)]
    fetched = [f"{side}__{name}" for side in ("a", "b") for name in ("points", "addresses")]
    return pairs.select_related("a", "b", *joins).prefetch_related(*fetched)


def pairs_by_likeness(user: Any, kind: str) -> list[tuple[int, int]]:
    """(percent, number of open pairs in scope) for each step of five percent, ascending."""
    rows = PAIRS[kind].objects.visible_to(user).filter(state=PairState.OPEN)
    counted = rows.annotate(step=Floor(_twentieths())).values("step").annotate(n=Count("pk")).order_by("step")
    known = {int(row["step"]): row["n"] for row in counted}
    return [(step * 5, known.get(step, 0)) for step in range(int(FLOOR * 20), 20)]


def _twentieths() -> Any:
    from django.db.models import F, FloatField, Value
    from django.db.models.functions import Least

    return Least(F("score") * 20 + 1e-9, Value(19.0), output_field=FloatField())


def examples_near(user: Any, kind: str, likeness: float, number: int = 3) -> list[Any]:
    """The pairs in scope just above and just below a likeness, the likest first."""
    rows = PAIRS[kind].objects.visible_to(user).filter(state=PairState.OPEN)
    above = list(with_records(rows.filter(score__gte=likeness)).order_by("score", "pk")[:number])
    below = list(with_records(rows.filter(score__lt=likeness)).order_by("-score", "pk")[:number])
    return [*reversed(above), *below]


def count_from(user: Any, kind: str, likeness: float) -> int:
    """How many open pairs in scope are at least so likely."""
    rows = PAIRS[kind].objects.visible_to(user).filter(state=PairState.OPEN)
    return int(rows.filter(score__gte=likeness).count())


def may_decide(user: Any, pairs: Iterable[Any]) -> set[int]:
    """Of these pairs those that the person may decide about: both records may be changed. One query."""
    found = list(pairs)
    if not found:
        return set()
    rows = found[0].__class__.objects.visible_to(user, Action.CHANGE)
    return set(rows.filter(pk__in=[pair.pk for pair in found]).values_list("pk", flat=True))
