"""How somebody is reached."""

from contacts.enums import PointKind
from contacts.models import Company, Contact, ContactPoint


def primary_address(party: Contact | Company) -> str:
    """The address mail goes to, as it is matched; an empty string without one."""
    owner = {"company": party} if isinstance(party, Company) else {"contact": party}
    points = ContactPoint.objects.filter(**owner, kind=PointKind.EMAIL).order_by("-is_primary", "pk")
    return points.values_list("normalised", flat=True).first() or ""
