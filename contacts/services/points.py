"""Ways to reach somebody: kept as given, matched normalised, one of each kind primary."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone

from contacts.enums import PointKind
from contacts.models import Company, Contact, ContactPoint
from contacts.normalise import normalise_point
from contacts.selectors.privacy import REACH
from contacts.selectors.tombstones import erased_words, recognised
from contacts.services.refusals import settle_refusals
from core.enums import Action
from core.models import Organisation
from core.services.base import hold_state, require_on, service


def default_country() -> str:
    """The country that numbers without a country code belong to."""
    organisation = Organisation.objects.filter(pk=1).first()
    return organisation.default_country if organisation else "DE"


def _country_of(party: Any, kind: str) -> str:
    """The country that a number without a country code is read by; other kinds have no use for one."""
    if kind not in (PointKind.PHONE, PointKind.MOBILE):
        return ""
    return getattr(party, "country", "") or default_country()


@service
def add_point(
    *,
    actor: Any,
    kind: str,
    value: str,
    contact: Contact | None = None,
    company: Company | None = None,
    label: str = "",
    is_primary: bool | None = None,
) -> ContactPoint:
    """Add a point, or find the same one again, which then gets the label and goes first where that is said.
    The first of a kind is primary. Raises ValidationError, NotAllowed."""
    party: Any = contact or company
    require_on(actor, party, Action.CHANGE)
    normalised = normalise_point(kind, value, _country_of(party, kind))
    siblings = _locked(party).filter(kind=kind)
    known = siblings.filter(normalised=normalised).first()
    if known is not None:
        return _said_again(siblings, known, label or None, is_primary)
    _recognise([normalised] if kind in REACH else [])
    primary = is_primary if is_primary is not None else not siblings.filter(is_primary=True).exists()
    point = ContactPoint(
        contact=contact,
        company=company,
        kind=kind,
        value=" ".join(value.split()),
        normalised=normalised,
        label=label,
        is_primary=primary,
    )
    point.full_clean()
    if primary:
        _step_back(siblings)
    point.save()
    return point


def add_first_points(party: Contact | Company, values: Mapping[PointKind, str]) -> None:
    """Within the service that has just made the record: its first points, by kind, each the primary one. Two
    queries for any number. Raises ValidationError."""
    owner = {"contact": party} if isinstance(party, Contact) else {"company": party}
    points = [
        ContactPoint(
            **owner,
            kind=kind,
            value=" ".join(value.split()),
            normalised=normalise_point(kind, value, _country_of(party, kind)),
            is_primary=True,
        )
        for kind, value in values.items()
        if value.strip()
    ]
    _recognise([point.normalised for point in points if point.kind in REACH])
    ContactPoint.objects.bulk_create(points)


@service
def change_point(*, actor: Any, point: ContactPoint, value: str) -> ContactPoint:
    """Give a point another value. Raises ValidationError."""
    party: Any = point.contact or point.company
    require_on(actor, party, Action.CHANGE)
    _locked(party)
    point.normalised = normalise_point(point.kind, value, _country_of(party, point.kind))
    point.value = " ".join(value.split())
    point.verified_at = point.bounced_at = None
    _recognise([point.normalised] if point.kind in REACH else [])
    point.full_clean()
    point.save()
    return point


@service
def update_point(
    *, actor: Any, point: ContactPoint, changes: dict[str, Any], expected_version: int | None = None
) -> ContactPoint:
    """Change the value, the label, or which of its kind is used first. Raises ValidationError, StaleRecord,
    NotAllowed."""
    party: Any = point.contact or point.company
    require_on(actor, party, Action.CHANGE)
    siblings = _locked(party).filter(kind=point.kind)
    hold_state(point, expected_version)
    if "value" in changes and changes["value"] != point.value:
        point = change_point(actor=actor, point=point, value=changes["value"])
    return _said_again(siblings, point, changes.get("label"), changes.get("is_primary"))


@service
def remove_point(*, actor: Any, point: ContactPoint, expected_version: int | None = None) -> None:
    """Take a point away; the oldest other one of its kind becomes primary. Raises StaleRecord, NotAllowed."""
    party: Any = point.contact or point.company
    require_on(actor, party, Action.CHANGE)
    siblings = _locked(party).filter(kind=point.kind)
    hold_state(point, expected_version)
    was_primary = point.is_primary
    point.delete()
    heir = siblings.order_by("pk").first()
    if was_primary and heir is not None:
        ContactPoint.objects.filter(pk=heir.pk).update(is_primary=True, updated_at=timezone.now())


def _locked(party: Any) -> QuerySet[ContactPoint]:
    """The party's points, with the party locked: of two people who add the same at once one finds the other's,
    and never two points of a kind are first."""
    party.__class__.all_objects.select_for_update().filter(pk=party.pk).values("pk").first()
    rows: QuerySet[ContactPoint] = ContactPoint.objects.filter(**{party.record_type: party})
    return rows


def _step_back(siblings: QuerySet[ContactPoint]) -> None:
    """Let the one that was used first make room."""
    siblings.filter(is_primary=True).update(is_primary=False, updated_at=timezone.now())


def _said_again(
    siblings: QuerySet[ContactPoint], point: ContactPoint, label: str | None, is_primary: bool | None
) -> ContactPoint:
    """Give a point that is there a label, or make it the first of its kind."""
    before = (point.label, point.is_primary)
    if label is not None:
        point.label = label
    if is_primary and not point.is_primary:
        _step_back(siblings)
        point.is_primary = True
    if (point.label, point.is_primary) != before:
        point.save(update_fields=["label", "is_primary", "updated_at"])
    return point


def _recognise(reach: list[str]) -> None:
    """Whoever was erased is not written down again by the back door, and what was said no to before a restore
    stays so. Raises ValidationError."""
    erased, refused = recognised(reach)
    if erased:
        raise ValidationError(erased_words(), code="erased")
    if refused:
        settle_refusals(actor=None, addresses=refused)


def set_primary_value(*, actor: Any, party: Contact | Company, kind: str, value: str) -> None:
    """Make `value` the primary point of `kind`: one that is there already goes first, else the primary one is
    changed. An empty value takes the primary one away."""
    owner: dict[str, Any] = {"contact": party} if isinstance(party, Contact) else {"company": party}
    siblings = _locked(party).filter(kind=kind)
    primary = siblings.filter(is_primary=True).first()
    normalised = normalise_point(kind, value, _country_of(party, kind)) if value.strip() else ""
    if normalised and siblings.filter(normalised=normalised, is_primary=False).exists():
        add_point(actor=actor, kind=kind, value=value, is_primary=True, **owner)
    elif not value.strip():
        if primary is not None:
            remove_point(actor=actor, point=primary)
    elif primary is not None:
        change_point(actor=actor, point=primary, value=value)
    else:
        add_point(actor=actor, kind=kind, value=value, **owner)
