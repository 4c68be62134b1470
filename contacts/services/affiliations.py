"""Who belongs to which company, since when and as what. One affiliation of a person is the primary one; its
company is repeated on the contact for lists."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from contacts.events import ContactChanged
from contacts.models import Affiliation, Company, Contact
from contacts.services.timeline import Happening, record_timeline
from core.enums import Action
from core.events import publish
from core.services.base import require_field, require_on, save_changes, service

JOINED, LEFT = "joined", "left"


@service
def affiliate(
    *,
    actor: Any,
    contact: Contact,
    company: Company,
    title: str = "",
    role: str = "",
    is_primary: bool = True,
    valid_from: date | None = None,
) -> Affiliation:
    """Say that a person belongs to a company; a primary one replaces the primary before. Saying it again
    changes the affiliation that is there."""
    found = Affiliation.objects.filter(contact=contact, company=company, valid_to=None).first()
    if found is None:
        return add_affiliation(
            actor=actor,
            contact=contact,
            company=company,
            title=title,
            role=role,
            is_primary=is_primary,
            valid_from=valid_from,
        )
    changes = {"title": title or found.title, "role": role or found.role, "is_primary": is_primary}
    return change_affiliation(
        actor=actor,
        affiliation=found,
        changes={**changes, "valid_from": valid_from or found.valid_from},
    )


@service
def add_affiliation(
    *,
    actor: Any,
    contact: Contact,
    company: Company,
    title: str = "",
    role: str = "",
    is_primary: bool | None = None,
    valid_from: date | None = None,
    valid_to: date | None = None,
) -> Affiliation:
    """Add a company, present or former, to a person. Without a word on it the first present one is primary.

    Raises ValidationError by field (also when the person belongs to the company now already), NotAllowed.
    """
    require_on(actor, contact, Action.CHANGE)
    require_field(actor, "contact", "company")
    require_on(actor, company, Action.VIEW)
    mine = _locked(contact)
    if valid_to is None and mine.filter(company=company, valid_to=None).exists():
        raise ValidationError({"company": _("They belong to this company already.")})
    if is_primary is None:
        is_primary = valid_to is None and not mine.filter(is_primary=True).exists()
    affiliation = Affiliation(
        contact=contact,
        company=company,
        title=title,
        role=role,
        is_primary=is_primary,
        valid_from=valid_from,
        valid_to=valid_to,
        owner=contact.owner,
        team=contact.team,
    )
    _check_primary(affiliation)
    _yield_primary(affiliation)
    affiliation.full_clean()
    affiliation.save()
    _keep_company(contact)
    _tell(actor, affiliation, LEFT if valid_to else JOINED)
    publish(ContactChanged(contact_id=contact.pk))
    return affiliation


@service
def change_affiliation(
    *, actor: Any, affiliation: Affiliation, changes: dict[str, Any], expected_version: int | None = None
) -> Affiliation:
    """Change title, role, dates or which is primary; ending one takes its primacy away. Raises
    ValidationError by field, StaleRecord, NotAllowed."""
    contact = affiliation.contact
    require_on(actor, contact, Action.CHANGE)
    require_field(actor, "contact", "company")
    _locked(contact)
    ended_before = affiliation.valid_to is not None
    if changes.get("valid_to") is not None and changes.get("is_primary", affiliation.is_primary):
        changes = {**changes, "is_primary": False}
    wanted = Affiliation(pk=affiliation.pk, contact=contact, company=affiliation.company)
    wanted.is_primary = changes.get("is_primary", affiliation.is_primary)
    wanted.valid_to = changes.get("valid_to", affiliation.valid_to)
    _check_primary(wanted)
    _yield_primary(wanted)
    changed = save_changes(affiliation, changes, expected_version=expected_version)
    _keep_company(contact)
    if "valid_to" in changed and ended_before != (affiliation.valid_to is not None):
        _tell(actor, affiliation, LEFT if affiliation.valid_to else JOINED)
    if changed:
        publish(ContactChanged(contact_id=contact.pk))
    return affiliation


@service
def end_affiliation(
    *, actor: Any, affiliation: Affiliation, on: date | None = None, expected_version: int | None = None
) -> Affiliation:
    """The person left the company; what was before stays readable. Raises ValidationError, StaleRecord,
    NotAllowed."""
    return change_affiliation(
        actor=actor,
        affiliation=affiliation,
        changes={"valid_to": on or timezone.localdate()},
        expected_version=expected_version,
    )


@service
def make_primary(*, actor: Any, affiliation: Affiliation, expected_version: int | None = None) -> Affiliation:
    """Make a present company the person's first one. Raises ValidationError for a former one, StaleRecord,
    NotAllowed."""
    return change_affiliation(
        actor=actor,
        affiliation=affiliation,
        changes={"is_primary": True},
        expected_version=expected_version,
    )


@service
def remove_affiliation(*, actor: Any, affiliation: Affiliation, expected_version: int | None = None) -> None:
    """Take away one that was never true; the history keeps it. Raises StaleRecord, NotAllowed."""
    contact = affiliation.contact
    require_on(actor, contact, Action.CHANGE)
    require_field(actor, "contact", "company")
    _locked(contact)
    if affiliation.deleted_at is None:
        gone = {"deleted_at": timezone.now(), "is_primary": False}
        save_changes(affiliation, gone, expected_version=expected_version)
        _keep_company(contact)
        publish(ContactChanged(contact_id=contact.pk))


def _locked(contact: Contact) -> Any:
    """The person's affiliations, with the person locked: two people at once can't make two primary ones."""
    Contact.all_objects.select_for_update().filter(pk=contact.pk).values("pk").first()
    return Affiliation.objects.filter(contact=contact)


def _check_primary(affiliation: Affiliation) -> None:
    if affiliation.is_primary and affiliation.valid_to is not None:
        raise ValidationError({"is_primary": _("A former company can't be the primary one.")})


def _yield_primary(affiliation: Affiliation) -> None:
    """Let the primary one before step back: whoever has its form open is told."""
    if affiliation.is_primary:
        others = Affiliation.objects.filter(contact=affiliation.contact, is_primary=True)
        others.exclude(pk=affiliation.pk).update(
            is_primary=False, version=F("version") + 1, updated_at=timezone.now()
        )


def _keep_company(contact: Contact) -> None:
    """Repeat the primary affiliation's company on the contact."""
    primary = Affiliation.objects.filter(contact=contact, is_primary=True).select_related("company").first()
    company = primary.company if primary is not None else None
    if contact.company_id != (company.pk if company else None):
        Contact.all_objects.filter(pk=contact.pk).update(company=company)
        contact.company = company


def _tell(actor: Any, affiliation: Affiliation, event: str) -> None:
    """One line for the person and one for the company, each shown to whom may see the other."""
    contact, company = affiliation.contact, affiliation.company
    day = affiliation.valid_to if event == LEFT else affiliation.valid_from
    now = timezone.now()
    common: dict[str, Any] = {
        "occurred_at": now,
        "actor_id": getattr(actor, "pk", None),
        "counts_as_activity": False,
    }
    data = {"event": event, "title": affiliation.title, "on": day.isoformat() if day else ""}
    key = f"affiliation:{affiliation.pk}:{event}:{now.timestamp():.0f}"
    record_timeline(
        actor=actor,
        happenings=[
            Happening(
                kind="contact.affiliation",
                dedupe_key=f"{key}:contact",
                contact_id=contact.pk,
                title=company.name,
                data=data,
                record_type="company",
                object_id=company.pk,
                **common,
            ),
            Happening(
                kind="company.affiliation",
                dedupe_key=f"{key}:company",
                company_id=company.pk,
                title=contact.name,
                data=data,
                record_type="contact",
                object_id=contact.pk,
                **common,
            ),
        ],
    )
