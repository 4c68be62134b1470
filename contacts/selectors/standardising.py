"""The values that a standardising found."""

from typing import Any

from django.db.models import Q, QuerySet

from contacts.models import Company, Contact, StandardChange, StandardisingRun
from contacts.standardising.finding import is_closed
from contacts.standardising.rules import BY_KEY
from core.scope.access import profile_for


def changes_of(run: StandardisingRun, user: Any) -> QuerySet[StandardChange]:
    """The changes of one's own run, those of records that have left one's scope since left out, and those of
    fields that one's role has come to hide."""
    people, companies = Contact.objects.visible_to(user), Company.objects.visible_to(user)
    seen = Q(contact__in=people.values("pk")) | Q(company__in=companies.values("pk"))
    rows: QuerySet[StandardChange] = StandardChange.objects.visible_to(user).filter(seen, run=run)
    for key in run.rules:
        for target, field, _fix in BY_KEY[key].fields if key in BY_KEY else ():
            if is_closed(target, field, profile_for(user)):
                rows = rows.exclude(target=target, field=field)
    return rows
