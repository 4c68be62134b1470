"""Suggesting values with their source, and taking or dismissing them. A person decides; nothing that
somebody typed is overwritten."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from contacts.enrichment.domains import FREE
from contacts.enrichment.signature import read_signature
from contacts.enrichment.site import read_site
from contacts.enums import PointKind, SuggestionState, ValueOrigin
from contacts.models import Company, Contact, ContactPoint, ValueSource
from contacts.selectors.enrichment import HIDDEN_BY
from contacts.services.addresses import add_address
from contacts.services.parties import update_company, update_contact
from contacts.services.points import add_point, default_country
from core.enums import Action
from core.models import Job
from core.services.base import require_field, require_on, service
from core.services.jobs import enqueue_job

PLAIN = {"contact": ("job_title", "city"), "company": ("description", "city")}
POINTS = {
    "phone": PointKind.PHONE,
    "mobile": PointKind.MOBILE,
    "website": PointKind.WEBSITE,
    "social": PointKind.SOCIAL,
    "email": PointKind.EMAIL,
}
ADDRESS_PARTS = ("street", "postcode", "city")
BY_DOMAIN = """
INSERT INTO contacts_valuesource
    (created_at, updated_at, contact_id, field, value, source, detail, confidence, found_at, state)
SELECT DISTINCT ON (c.id, lower(f.domain)) now(), now(), c.id, 'company', lower(f.domain), 'mail_domain',
    split_part(p.normalised, '@', 2), 90, now(), 'suggested'
FROM contacts_contact c
JOIN contacts_contactpoint p ON p.contact_id = c.id AND p.kind = 'email'
JOIN contacts_company f ON upper(f.domain) = upper(split_part(p.normalised, '@', 2)) AND f.domain <> ''
    AND f.deleted_at IS NULL
WHERE c.company_id IS NULL AND c.deleted_at IS NULL AND split_part(p.normalised, '@', 2) <> ALL(%s)
    {only}
ON CONFLICT DO NOTHING
"""


@service
def suggest(
    *,
    actor: Any,
    record: Contact | Company,
    field: str,
    value: str,
    source: ValueOrigin,
    detail: str = "",
    confidence: int,
    found_at: datetime | None = None,
) -> ValueSource | None:
    """Suggest a value for a field that is empty, or a way to reach them that is new. None where the record
    has a value, or the same was suggested before, whatever became of it."""
    value = " ".join(value.split())
    if not value or len(value) > 320 or _has(record, field, value):
        return None
    party = {"contact": record} if isinstance(record, Contact) else {"company": record}
    made, created = ValueSource.objects.get_or_create(
        **party,
        field=field,
        value=value,
        defaults={
            "source": source,
            "detail": detail[:200],
            "confidence": confidence,
            "found_at": found_at or timezone.now(),
        },
    )
    return made if created else None


@service
def suggest_from_signature(*, actor: Any, contact: Contact, text: str, at: datetime) -> int:
    """Suggest what stands below a mail of the contact. Returns how many values are new."""
    country = contact.country or default_country()
    found = read_signature(text, contact.name, country)
    values = [("job_title", found.title, 80)]
    values += [("phone", number, 90) for number in found.phones]
    values += [("mobile", number, 90) for number in found.mobiles]
    if found.place is not None:
        place = found.place
        values.append(("address", " | ".join((place.street, place.postcode, place.city)), 70))
    made = [
        suggest(
            actor=None, record=contact, field=field, value=value, source=ValueOrigin.SIGNATURE, confidence=sure,
            found_at=at,
        )
        for field, value, sure in values
        if value
    ]  # fmt: skip
    return sum(one is not None for one in made)


@service
def suggest_companies(*, actor: Any, contact: Contact | None = None) -> int:
    """Suggest a company to everybody without one (or to one contact) whose mail domain is a company's own;
    domains of free mailboxes say nothing. One statement. Returns how many are new."""
    only = "AND c.id = %s" if contact is not None else ""
    params: list[Any] = [sorted(FREE), *([contact.pk] if contact is not None else [])]
    with connection.cursor() as cursor:
        cursor.execute(BY_DOMAIN.format(only=only), params)
        return int(cursor.rowcount)


@service
def accept(*, actor: Any, suggestion: ValueSource) -> None:
    """Write the value into the record. Raises ValidationError where the field was filled since, or somebody
    decided before; NotAllowed."""
    row, record = _open(actor, suggestion)
    require_field(actor, record.record_type, HIDDEN_BY.get(row.field, row.field))
    if _has(record, row.field, row.value):
        raise ValidationError(_("The field has been filled since. Nothing was changed."))
    _write(actor, record, row)
    _decide(actor, row, SuggestionState.ACCEPTED)


@service
def dismiss(*, actor: Any, suggestion: ValueSource) -> None:
    """Note that the value is not wanted; it is not suggested again. Raises ValidationError, NotAllowed."""
    row, _record = _open(actor, suggestion)
    _decide(actor, row, SuggestionState.DISMISSED)


def _open(actor: Any, suggestion: ValueSource) -> tuple[ValueSource, Contact | Company]:
    row = ValueSource.objects.select_for_update(of=("self",)).get(pk=suggestion.pk)
    record: Any = row.contact or row.company
    require_on(actor, record, Action.CHANGE)
    if row.state != SuggestionState.SUGGESTED:
        raise ValidationError(_("Somebody has decided about this already."))
    return row, record


def _decide(actor: Any, row: ValueSource, state: SuggestionState) -> None:
    row.state, row.decided_by, row.decided_at = state, actor, timezone.now()
    row.save(update_fields=["state", "decided_by", "decided_at", "updated_at"])


def _has(record: Contact | Company, field: str, value: str) -> bool:
    """Whether the record has a value of its own there, which is never replaced."""
    if field == "company":
        return isinstance(record, Contact) and record.company_id is not None
    if field == "address":
        return record.addresses.exists()
    if field in POINTS:
        points = ContactPoint.objects.filter(
            contact=record if isinstance(record, Contact) else None,
            company=record if isinstance(record, Company) else None,
        )
        return points.filter(normalised=value).exists() or points.filter(value=value).exists()
    return bool(getattr(record, field))


def _write(actor: Any, record: Contact | Company, row: ValueSource) -> None:
    party: dict[str, Any] = {"contact": record} if isinstance(record, Contact) else {"company": record}
    if row.field in POINTS:
        add_point(actor=actor, kind=POINTS[row.field], value=row.value, **party)
    elif row.field == "address":
        parts: dict[str, Any] = dict(zip(ADDRESS_PARTS, row.value.split(" | "), strict=True))
        add_address(actor=actor, **party, **parts, country=record.country)
    elif row.field == "company":
        _join(actor, record, row.value)
    elif row.field not in PLAIN[record.record_type]:
        raise ValidationError(_("This can't be taken over."))
    elif isinstance(record, Contact):
        update_contact(actor=actor, contact=record, changes={row.field: row.value})
    else:
        update_company(actor=actor, company=record, changes={row.field: row.value})


def _join(actor: Any, record: Contact | Company, domain: str) -> None:
    companies = Company.objects.all() if actor is None else Company.objects.visible_to(actor)
    company = companies.filter(domain__iexact=domain).order_by("pk").first()
    if company is None or not isinstance(record, Contact):
        raise ValidationError(_("There is no company of this domain that you can see."))
    update_contact(actor=actor, contact=record, changes={"company": company})


@service
def start_look_up(*, actor: Any, company: Company, wake: bool = True) -> Job:
    """Queue a look at the company's own site. Raises NotAllowed, and ValidationError where it is switched off
    or there is no site."""
    require_on(actor, company, Action.CHANGE)
    if not settings.ENRICH_FROM_SITES:
        raise ValidationError(_("Looking at companies' sites is switched off."))
    if not company.domain:
        raise ValidationError(_("There is no web domain to look at."))
    job: Job = enqueue_job(
        actor=actor,
        kind="contacts.look_up_site",
        params={"company": company.pk},
        wake=wake,
    )
    return job


@service
def suggest_from_site(*, actor: Any, company: Company, html: str) -> int:
    """Suggest what the company's page says. Returns how many values are new."""
    site = read_site(html, company.country or default_country())
    values = [("description", site.description or site.title, 60)]
    values += [("phone", one, 80) for one in site.phones]
    values += [("email", one, 80) for one in site.mails if one.endswith(f"@{company.domain}")]
    values += [("social", one, 80) for one in site.socials]
    made = [
        suggest(
            actor=None, record=company, field=field, value=value, source=ValueOrigin.WEBSITE,
            detail=company.domain, confidence=sure,
        )
        for field, value, sure in values
    ]  # fmt: skip
    return sum(one is not None for one in made)
