"""Lines that no key matches, and the matching engine's word on whom they mean all the same.

Who is surely meant is meant: the line follows the import's rules for records that are here. Who is likely meant
stays apart, is named with the reason, and the pair waits on the page of duplicates: nobody is merged in silence.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from contacts.enums import PointKind
from contacts.importing.further_keys import Strangers
from contacts.matching.companies import CompanyRecord
from contacts.matching.comparing import ScoredPair
from contacts.matching.people_rows import PersonRecord
from contacts.matching.words import sentence
from contacts.models import Company, Contact
from contacts.selectors.close_candidates import CLOSE
from contacts.selectors.duplicates import PAIRS, matches, reasons_for, settings_for
from core.importing.problems import Problem
from core.importing.rows import ImportContext, Row
from core.importing.targets import Applied

LIKELY = "likely"
MODELS: dict[str, Any] = {"contact": Contact, "company": Company}


TELLING = ("email", "mobile", "phone", "domain")


def sure_people(context: ImportContext, rows: Sequence[Row]) -> Mapping[int, int]:
    return _sure(context, "contact", [(row, _person(row, -place)) for place, row in enumerate(rows, start=1)])


def sure_companies(context: ImportContext, rows: Sequence[Row]) -> Mapping[int, int]:
    return _sure(
        context, "company", [(row, _company(row, -place)) for place, row in enumerate(rows, start=1)]
    )


def _sure(context: ImportContext, kind: str, described: list[tuple[Row, Any]]) -> dict[int, int]:
    model = MODELS[kind]
    visible = model.objects.all() if context.actor is None else model.objects.visible_to(context.actor)
    places, among = CLOSE[kind]([record for _row, record in described], visible)
    close = [described[place] for place in places]
    if not close:
        return {}
    found = matches(kind, [record for _row, record in close], visible, among=among)
    known = model.objects.in_bulk({pair.a for pairs in found for pair in pairs[:1]})
    keys = [(pk, record.external_id) for pk, record in known.items()]
    strangers = Strangers(model, keys, (row.values.get("external_id", "") for row, _record in close))
    safe, sure = settings_for(kind).safe, {}
    for (row, record), pairs in zip(close, found, strict=True):
        best = pairs[0] if pairs else None
        other = known.get(best.a) if best is not None else None
        if best is None or other is None:
            continue
        may_be = strangers.may_be(other.pk, other.external_id, row.values.get("external_id", ""))
        if best.score >= safe and may_be and _shares_a_key(best) and not _tied(pairs):
            sure[row.line] = other.pk
            _say(context, kind, row, record, other, best, _("is %(name)s: %(why)s"), "matched")
        else:
            row.extras[LIKELY] = best
            words = _("may be %(name)s, who stays apart until somebody decides: %(why)s")
            _say(context, kind, row, record, other, best, words, LIKELY)
    return sure


def _shares_a_key(pair: ScoredPair) -> bool:
    """Whether something that few share is the same in both: no likeness of names alone changes a record unasked."""
    return any(pair.levels.get(name) == "same" for name in TELLING)


def _tied(pairs: Sequence[ScoredPair]) -> bool:
    """Whether two known records are as likely: then neither is sure."""
    return len(pairs) > 1 and pairs[1].score >= pairs[0].score - 0.005


def _say(
    context: ImportContext,
    kind: str,
    row: Row,
    record: Any,
    other: Any,
    pair: ScoredPair,
    words: str,
    code: str,
) -> None:
    if any(problem.code == code for problem in row.problems):
        return
    why = sentence(reasons_for(context.actor, kind, pair.levels, record, other)) if context.actor else ""
    row.problems.append(Problem(code, words % {"name": other, "why": why or _("the same details")}))


def _person(row: Row, key: int) -> PersonRecord:
    values, company = row.values, row.values.get("company")
    points = row.extras.get("points", ())
    address = (values.get("street", ""), values.get("postcode", ""), values.get("city", ""))
    return PersonRecord(
        id=key,
        first_name=values.get("first_name", ""),
        last_name=values.get("last_name", ""),
        salutation=values.get("salutation", ""),
        birthday=values.get("birthday"),
        emails=[p.normalised for p in points if p.kind == PointKind.EMAIL.value],
        phones=[p.normalised for p in points if p.kind == PointKind.PHONE.value],
        mobiles=[p.normalised for p in points if p.kind == PointKind.MOBILE.value],
        addresses=[address] if any(address) else (),
        companies=[company] if isinstance(company, int) else [],
    )


def _company(row: Row, key: int) -> CompanyRecord:
    values, points = row.values, row.extras.get("points", ())
    address = (values.get("street", ""), values.get("postcode", ""), values.get("city", ""))
    kinds = (PointKind.PHONE.value, PointKind.MOBILE.value)
    return CompanyRecord(
        id=key,
        name=values.get("name", ""),
        domain=values.get("domain", ""),
        country=values.get("country", ""),
        phones=[p.normalised for p in points if p.kind in kinds],
        addresses=[address] if any(address) else (),
    )


def queue_likely(applied: Applied, kind: str) -> None:
    """Put the pairs of new records and those they may be on the page of duplicates."""
    model, now = PAIRS[kind], timezone.now()
    pairs = [(pk, row.extras[LIKELY]) for row, pk in applied.created if LIKELY in row.extras]
    model.objects.bulk_create(
        [
            model(
                a_id=min(pk, pair.a), b_id=max(pk, pair.a), score=pair.score, levels=pair.levels, seen_at=now
            )
            for pk, pair in pairs
        ],
        ignore_conflicts=True,
    )
