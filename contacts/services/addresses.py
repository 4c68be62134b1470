"""Postal addresses of people and companies: several each, one of them primary, with coordinates."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from contacts.events import ContactChanged
from contacts.models import Address, Company, Contact
from contacts.services.locating import locate_address, locate_party
from core.enums import Action
from core.events import publish
from core.services.base import hold_state, require_on, service

FIELDS = ("label", "street", "postcode", "city", "region", "country")


@service
def add_address(
    *,
    actor: Any,
    contact: Contact | None = None,
    company: Company | None = None,
    is_primary: bool | None = None,
    **values: Any,
) -> Address:
    """Add an address; the first one is primary. Raises ValidationError by field, NotAllowed."""
    party = _party(actor, contact, company)
    siblings = _locked(party)
    primary = is_primary if is_primary is not None else not siblings.filter(is_primary=True).exists()
    address = Address(contact=contact, company=company, is_primary=primary, **values)
    return _save(party, address)


@service
def change_address(
    *, actor: Any, address: Address, changes: dict[str, Any], expected_version: int | None = None
) -> Address:
    """Change an address. Raises ValidationError by field, StaleRecord, NotAllowed."""
    party = _party(actor, address.contact, address.company)
    _locked(party)
    hold_state(address, expected_version)
    for name in (*FIELDS, "is_primary"):
        if name in changes:
            setattr(address, name, changes[name])
    return _save(party, address)


@service
def remove_address(*, actor: Any, address: Address, expected_version: int | None = None) -> None:
    """Take an address away; the oldest other one becomes primary. Raises StaleRecord, NotAllowed."""
    party = _party(actor, address.contact, address.company)
    siblings = _locked(party)
    hold_state(address, expected_version)
    was_primary = address.is_primary
    address.delete()
    heir = siblings.order_by("pk").first()
    if was_primary and heir is not None:
        siblings.filter(pk=heir.pk).update(is_primary=True, updated_at=timezone.now())
    _changed(party)


def _party(actor: Any, contact: Contact | None, company: Company | None) -> Contact | Company:
    party = contact or company
    if party is None:
        raise ValueError("an address belongs to a contact or a company")
    require_on(actor, party, Action.CHANGE)
    return party


def _locked(party: Contact | Company) -> Any:
    """The party's addresses, with the party locked."""
    party.__class__.all_objects.select_for_update().filter(pk=party.pk).values("pk").first()
    return Address.objects.filter(**{party.record_type: party})


def _save(party: Contact | Company, address: Address) -> Address:
    for name in FIELDS:
        setattr(address, name, " ".join(str(getattr(address, name)).split()))
    address.country = address.country.upper()
    if not any(getattr(address, name) for name in ("street", "postcode", "city", "region", "country")):
        raise ValidationError({"street": _("Type at least one line of the address.")})
    locate_address(actor=None, address=address)
    address.full_clean()
    if address.is_primary:
        Address.objects.filter(**{party.record_type: party}, is_primary=True).exclude(pk=address.pk).update(
            is_primary=False, updated_at=timezone.now()
        )
    address.save()
    _changed(party)
    return address


def _changed(party: Contact | Company) -> None:
    locate_party(actor=None, party=party)
    if isinstance(party, Contact):
        publish(ContactChanged(contact_id=party.pk))
