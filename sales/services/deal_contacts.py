"""The people on a deal."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from contacts.models import Contact
from core.services.base import StaleRecord, require_field, save_changes, service, state_of
from sales.enums import BuyingRole
from sales.models import Deal, DealContact
from sales.services.links import check_all_visible
from sales.services.locking import locked


@service
def set_deal_contacts(
    *,
    actor: Any,
    deal: Deal,
    contacts: Sequence[tuple[Contact, str]],
    expected_version: int | None = None,
) -> Deal:
    """Make `contacts`, as (contact, role), the people on the deal; the first is the primary one. Raises
    ValidationError for a person given twice or out of sight, NotAllowed, StaleRecord."""
    current = locked(actor, deal)
    require_field(actor, "deal", "contact")
    save_changes(current, {}, expected_version=expected_version)
    put_contacts(actor, current, contacts)
    return current


NOT_ON_IT = 0
"""The state of somebody who was not on the deal when it was read."""


@service
def add_deal_contact(
    *,
    actor: Any,
    deal: Deal,
    contact: Contact,
    role: str = "",
    primary: bool = False,
    expected_version: int | None = None,
) -> DealContact:
    """Put a person on the deal, or give one who is on it another role. The first becomes the primary one.

    `expected_version` is the state of the person on the deal that was read, NOT_ON_IT where they were not (None:
    not asked). Raises StaleRecord with their place on the deal when somebody was faster, ValidationError, NotAllowed.
    """
    current = locked(actor, deal)
    require_field(actor, "deal", "contact")
    _hold(current, contact, expected_version)
    people = [(link.contact, link.role) for link in _links(current) if link.contact_id != contact.pk]
    place = 0 if primary or current.contact_id in (None, contact.pk) else len(people)
    people.insert(place, (contact, role))
    put_contacts(actor, current, people)
    return current.deal_contacts.get(contact=contact)


@service
def remove_deal_contact(
    *, actor: Any, deal: Deal, contact: Contact, expected_version: int | None = None
) -> None:
    """Take a person off the deal; the next one becomes the primary contact. Raises StaleRecord, ValidationError,
    NotAllowed."""
    current = locked(actor, deal)
    require_field(actor, "deal", "contact")
    _hold(current, contact, expected_version)
    people = [(link.contact, link.role) for link in _links(current) if link.contact_id != contact.pk]
    put_contacts(actor, current, people)


def put_contacts(actor: Any, deal: Deal, contacts: Sequence[tuple[Contact, str]]) -> None:
    """Write the people of a deal that is locked already; rows that stay keep their keys."""
    ids = [contact.pk for contact, _role in contacts]
    if len(set(ids)) != len(ids):
        raise ValidationError({"contacts": _("A person is on a deal once.")})
    before = {link.contact_id: link for link in _links(deal)}
    check_all_visible(actor, "contacts", [contact for contact, _role in contacts if contact.pk not in before])
    for role in {role for _contact, role in contacts if role} - set(BuyingRole.values):
        raise ValidationError({"contacts": _("There is no role “%(role)s”.") % {"role": role}})
    deal.deal_contacts.exclude(contact_id__in=ids).delete()
    deal.deal_contacts.exclude(contact_id__in=ids[:1]).filter(is_primary=True).update(
        is_primary=False, updated_at=timezone.now()
    )
    for place, (contact, role) in enumerate(contacts):
        link = before.get(contact.pk) or DealContact(deal=deal, contact=contact)
        if link.pk is None or link.role != role or link.is_primary != (place == 0):
            link.role, link.is_primary = role, place == 0
            link.save()
    save_changes(deal, {"contact": contacts[0][0] if contacts else None})


def _links(deal: Deal) -> list[DealContact]:
    return list(deal.deal_contacts.select_related("contact").order_by("-is_primary", "pk"))


def _hold(deal: Deal, contact: Contact, expected: int | None) -> None:
    """Hold a person's place on the locked deal against the state that was read."""
    if expected is None:
        return
    link = deal.deal_contacts.filter(contact=contact).select_related("contact").first()
    if link is None and expected != NOT_ON_IT:
        raise ValidationError(_("Somebody else has removed this meanwhile."))
    if link is not None and state_of(link) != expected:
        raise StaleRecord(link)
