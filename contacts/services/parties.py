"""Creating and changing people and companies."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from contacts.enums import PointKind
from contacts.events import (
    CompanyCreated,
    ContactChanged,
    ContactCreated,
    LifecycleChanged,
    WishesChanged,
)
from contacts.importing.names import full_name
from contacts.models import Affiliation, Company, Contact
from contacts.selectors.company_trees import is_above
from contacts.services.affiliations import affiliate, end_affiliation
from contacts.services.lifecycle import check_move
from contacts.services.locating import locate_party, put_into_town
from contacts.services.points import add_first_points, set_primary_value
from contacts.services.timeline import Happening, record_timeline
from core.custom_fields.saving import for_new
from core.enums import Action
from core.events import publish
from core.models import Tag
from core.services.base import default_team, require, require_field, require_on, save_changes, service
from core.text import sort_key

POINTS = (("email", PointKind.EMAIL), ("phone", PointKind.PHONE))
SPECIAL = ("email", "phone", "company", "tags")


@service
def create_contact(*, actor: Any, **values: Any) -> Contact:
    """Create a person. `email`, `phone`, `company` and `tags` may be given beside the fields; the owner is
    the actor unless given. Raises ValidationError by field, NotAllowed."""
    require(actor, "contact", Action.ADD)
    special = {name: values.pop(name, None) for name in SPECIAL}
    if special["company"] is not None:
        require_field(actor, "contact", "company")
    values.setdefault("owner", actor)
    values.setdefault("team", default_team(values["owner"]))
    values["custom"] = for_new("contact", values)
    contact = Contact(**values)
    _name(contact)
    contact.full_clean()
    put_into_town(contact)
    contact.save()
    _set_first(actor, contact, special)
    record_timeline(
        actor=actor,
        happenings=[
            Happening(
                kind="contact.created",
                occurred_at=contact.created_at,
                dedupe_key=f"contact:{contact.pk}:created",
                contact_id=contact.pk,
                actor_id=getattr(actor, "pk", None),
                counts_as_activity=False,
            )
        ],
    )
    publish(ContactCreated(contact_id=contact.pk))
    if contact.do_not_contact:
        publish(WishesChanged(contact_ids=[contact.pk]))
    return contact


@service
def update_contact(
    *, actor: Any, contact: Contact, changes: dict[str, Any], expected_version: int | None = None
) -> Contact:
    """Change fields (and `email`, `phone`, `company`, `tags`). Raises ValidationError, StaleRecord, NotAllowed."""
    require_on(actor, contact, Action.CHANGE)
    before = contact.lifecycle_stage
    plain = {name: value for name, value in changes.items() if name not in SPECIAL}
    first, last = plain.get("first_name", contact.first_name), plain.get("last_name", contact.last_name)
    if {"first_name", "last_name"} & set(plain):
        language = plain.get("language", contact.language)
        plain |= {"name": full_name(first, last, language)[:210], "sort_name": sort_key(f"{last} {first}")}
    if "owner" in plain and "team" not in plain:
        plain["team"] = default_team(plain["owner"]) or contact.team
    parts = {name: changes[name] for name in SPECIAL if name in changes}
    if "company" in parts:
        require_field(actor, "contact", "company")
    changed = save_changes(contact, plain, expected_version=expected_version, with_parts=bool(parts))
    _set_special(actor, contact, parts)
    _locate(contact, set(changed))
    if contact.lifecycle_stage != before:
        if actor is not None:
            check_move(contact, before)
        _lifecycle_changed(actor, contact, before)
    if changed or parts:
        publish(ContactChanged(contact_id=contact.pk))
    if "do_not_contact" in changed:
        publish(WishesChanged(contact_ids=[contact.pk]))
    return contact


@service
def create_company(*, actor: Any, **values: Any) -> Company:
    """Create a company; `email`, `phone` and `tags` may be given beside the fields. Raises ValidationError."""
    require(actor, "company", Action.ADD)
    special = {name: values.pop(name, None) for name in ("email", "phone", "tags")}
    values.setdefault("owner", actor)
    values.setdefault("team", default_team(values["owner"]))
    values["custom"] = for_new("company", values)
    company = Company(**values)
    company.sort_name = sort_key(company.name, 200)
    company.full_clean()
    put_into_town(company)
    company.save()
    _set_first(actor, company, special)
    publish(CompanyCreated(company_id=company.pk))
    return company


@service
def update_company(
    *, actor: Any, company: Company, changes: dict[str, Any], expected_version: int | None = None
) -> Company:
    """Change fields (and `email`, `phone`, `tags`). Raises ValidationError, StaleRecord, NotAllowed."""
    require_on(actor, company, Action.CHANGE)
    plain = {name: value for name, value in changes.items() if name not in ("email", "phone", "tags")}
    if "name" in plain:
        plain["sort_name"] = sort_key(plain["name"], 200)
    if "owner" in plain and "team" not in plain:
        plain["team"] = default_team(plain["owner"]) or company.team
    if plain.get("parent") is not None and plain["parent"] != company.parent:
        _check_parent(company, plain["parent"])
    parts: dict[str, Any] = {name: changes[name] for name in ("email", "phone", "tags") if name in changes}
    changed = save_changes(company, plain, expected_version=expected_version, with_parts=bool(parts))
    _locate(company, set(changed))
    _set_special(actor, company, parts)
    return company


@service
def set_tags(*, actor: Any, record: Contact | Company, names: list[str]) -> None:
    """Give the record exactly these tags; new words become tags."""
    require_on(actor, record, Action.CHANGE)
    tags = []
    for name in dict.fromkeys(" ".join(name.split())[:60] for name in names):
        if name:
            tags.append(Tag.objects.filter(name__iexact=name).first() or new_tag(name))
    record.tags.set(tags)


def new_tag(name: str) -> Tag:
    """A new tag, or the one that somebody else has made of the word at the same moment."""
    try:
        with transaction.atomic():
            tag: Tag = Tag.objects.create(name=name)
    except IntegrityError:
        tag = Tag.objects.get(name__iexact=name)
    return tag


def _name(contact: Contact) -> None:
    contact.name = full_name(contact.first_name, contact.last_name, contact.language)[:210]
    contact.sort_name = sort_key(f"{contact.last_name} {contact.first_name}")


def _set_first(actor: Any, party: Any, special: dict[str, Any]) -> None:
    """What was given beside the fields of a new record."""
    points = {kind: special.pop(name) or "" for name, kind in POINTS if name in special}
    if any(points.values()):
        add_first_points(party, points)
    _set_special(actor, party, {name: value for name, value in special.items() if value})


def _set_special(actor: Any, party: Any, special: dict[str, Any]) -> None:
    for name, kind in POINTS:
        if special.get(name) is not None:
            set_primary_value(actor=None, party=party, kind=kind, value=special[name])
    if special.get("company") is not None:
        affiliate(actor=None, contact=party, company=special["company"], title=party.job_title)
    elif "company" in special:
        _leave_company(party)
    if special.get("tags") is not None:
        set_tags(actor=None, record=party, names=[str(tag) for tag in special["tags"]])


def _leave_company(contact: Contact) -> None:
    """Somebody emptied the field: the person is no longer at their main company."""
    primary = Affiliation.objects.filter(contact=contact, is_primary=True).first()
    if primary is not None:
        end_affiliation(actor=None, affiliation=primary)


def _check_parent(company: Company, parent: Company) -> None:
    """Refuse a parent that belongs to the company itself; whoever moves companies waits for the other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('contacts_company.parent'))")
    if is_above(company.pk, parent.pk):
        raise ValidationError({"parent": _("That would be a circle: it belongs to this company.")})


def _locate(party: Contact | Company, changed: set[str]) -> None:
    """Put a party on the map again where its town is another one."""
    if {"city", "country"} & changed and (party.city or party.latitude is not None):
        locate_party(actor=None, party=party)


def _lifecycle_changed(actor: Any, contact: Contact, before: str) -> None:
    record_timeline(
        actor=actor,
        happenings=[
            Happening(
                kind="contact.lifecycle",
                occurred_at=timezone.now(),
                dedupe_key=f"contact:{contact.pk}:lifecycle:{contact.version}",
                contact_id=contact.pk,
                actor_id=getattr(actor, "pk", None),
                data={"from": before, "to": contact.lifecycle_stage},
                counts_as_activity=False,
            )
        ],
    )
    publish(LifecycleChanged(contact_id=contact.pk, before=before, after=contact.lifecycle_stage))
