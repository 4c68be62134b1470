"""The values that a standardising found."""

from typing import Any

from django.db.models import Q, QuerySet

from contacts.models import Company, Contact, StandardChange, StandardisingRun


def changes_of(run: StandardisingRun, user: Any) -> QuerySet[StandardChange]:
    """The changes of one's own run, those of records that have left one's scope since left out."""
    people, companies = Contact.objects.visible_to(user), Company.objects.visible_to(user)
    seen = Q(contact__in=people.values("pk")) | Q(company__in=companies.values("pk"))
    rows: QuerySet[StandardChange] = StandardChange.objects.visible_to(user).filter(seen, run=run)
    return rows
