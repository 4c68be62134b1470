"""Finding people and companies by parts of names, addresses and numbers, in the asker's scope."""

from collections.abc import Sequence
from typing import Any

from django.db.models import OuterRef, Q, QuerySet

from contacts.models import Company, Contact, ContactPoint, Persona, Segment
from core.custom_fields.searching import custom_match
from core.expressions import Among, asked_of_each
from core.registries import records
from core.registries.records import SearchHit
from core.scope.access import profile_for
from core.scope.fields import conceal_all
from core.text import sort_key

FREQUENT = 20_000
"""Up to so many addresses and numbers that match are looked up first, and by them their people. Beyond (all with an
`@`, those of one provider) each person is asked for theirs: few have to be asked until a page is full."""
CANDIDATES = 200
"""How many matches are fetched before ranking; rarer words than that rank exactly."""


def matching(rows: QuerySet[Any], text: str, user: Any) -> QuerySet[Any]:
    """The rows whose name holds every word of `text`, that are reached by it (address, number), or of which a
    searchable custom field that `user` may see holds it."""
    words = sort_key(text).split()
    if not words:
        return rows
    name = Q()
    for word in words:
        lookup = "sort_name__contains" if len(word) > 2 else "sort_name__startswith"
        name &= Q(**{lookup: word})
    if custom := custom_match(rows.model.record_type, text, user):
        name |= custom
    points = _points(text, rows.model.record_type, user)
    if points is None:
        return rows.filter(name)
    party = "contact_id" if rows.model is Contact else "company_id"
    reached = points.filter(**{f"{party}__isnull": False}).values_list(party, flat=True)
    ids = list(reached[: FREQUENT + 1])
    if len(ids) > FREQUENT:
        return rows.filter(name | asked_of_each(points.filter(**{party: OuterRef("pk")})))
    return rows.filter(name | Q(Among("pk", ids)) if ids else name)


def _points(text: str, record_type: str, user: Any) -> QuerySet[ContactPoint] | None:
    """Contact points that `text` may mean: parts of an address, the end or beginning of a number. Nobody finds
    people by what their role hides."""
    if user is not None and "points" in profile_for(user).hidden_fields(record_type):
        return None
    text = text.strip().lower()
    digits = "".join(c for c in text if c.isdigit())
    if "@" in text or ("." in text and " " not in text and len(text) > 3):
        return ContactPoint.objects.filter(normalised__contains=text)
    if len(digits) >= 5 and not any(c.isalpha() for c in text):
        return ContactPoint.objects.filter(normalised__contains=digits.lstrip("0"))
    return None


def search_contacts(user: Any, text: str, limit: int) -> Sequence[SearchHit]:
    """Lines of the palette for people."""
    rows = matching(Contact.objects.visible_to(user), text, user)
    found = conceal_all(rows.select_related("company").order_by()[:CANDIDATES], user)
    return [
        _hit(
            "contact",
            c,
            (c.job_title and c.company and f"{c.job_title} · {c.company}") or str(c.company or c.job_title),
        )
        for c in _ranked(found, text)[:limit]
    ]


def search_companies(user: Any, text: str, limit: int) -> Sequence[SearchHit]:
    """Lines of the palette for companies."""
    rows = matching(Company.objects.visible_to(user), text, user)
    found = conceal_all(rows.order_by()[:CANDIDATES], user)
    return [
        _hit("company", c, " · ".join(x for x in (c.industry, c.city) if x))
        for c in _ranked(found, text)[:limit]
    ]


def search_segments(user: Any, text: str, limit: int) -> Sequence[SearchHit]:
    """Lines of the palette for segments."""
    found = Segment.objects.visible_to(user).filter(name__icontains=text).order_by("name", "pk")[:limit]
    return [_hit("segment", segment, str(segment.get_kind_display())) for segment in found]


def search_personas(user: Any, text: str, limit: int) -> Sequence[SearchHit]:
    """Lines of the palette for personas."""
    found = Persona.objects.visible_to(user).filter(name__icontains=text).select_related("segment")
    return [_hit("persona", one, str(one.segment)) for one in found.order_by("name", "pk")[:limit]]


def _ranked(found: list[Any], text: str) -> list[Any]:
    """Names that begin with the text first, then those with a word that does, then by name."""
    key = sort_key(text)

    def rank(record: Any) -> tuple[int, str]:
        name = sort_key(record.name)
        if name.startswith(key) or record.sort_name.startswith(key):
            return 0, record.sort_name
        return (1 if f" {key}" in f" {name}" else 2), record.sort_name

    return sorted(found, key=rank)


def _hit(record_type: str, record: Any, subtitle: str) -> SearchHit:
    url = records.get(record_type).url_of(record.pk)
    return SearchHit(record_type, record.pk, str(record), subtitle or "", url)
