"""Finding the one person whom a command is about."""

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError

from contacts.models import Contact
from contacts.normalise import normalise_email
from contacts.selectors.privacy import contacts_at


def person_at(email: str, contact_id: int | None) -> Contact:
    """The contact with this address. Raises CommandError for none, and for several without a choice."""
    try:
        found = contacts_at(normalise_email(email))
    except ValidationError as error:
        raise CommandError(" ".join(error.messages)) from error
    if contact_id is not None:
        found = [contact for contact in found if contact.pk == contact_id]
    if not found:
        raise CommandError(f"Nobody has the e-mail address {email}.")
    if len(found) > 1:
        ids = ", ".join(str(contact.pk) for contact in found)
        raise CommandError(f"Several people share this address. Choose one with --contact: {ids}.")
    return found[0]
