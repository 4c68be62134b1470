"""Suggested values of a record, and where accepted ones come from."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Upper

from contacts.enums import SuggestionState
from contacts.models import Company, Contact, ValueSource
from core.scope.access import profile_for

SHOWN = 12
HIDDEN_BY = {
    "phone": "points", "mobile": "points", "email": "points", "website": "points", "social": "points",
    "address": "addresses",
}  # fmt: skip


def sources_of(record: Contact | Company, user: Any) -> list[ValueSource]:
    """Open suggestions first, then accepted values, the newest first; those of hidden fields and those of
    companies out of sight are left out. One query for most records, which have none; two or three where there are."""
    about = ~Q(state=SuggestionState.DISMISSED) & Q(**{record.record_type: record})
    if not ValueSource.objects.filter(about).exists():
        return []
    hidden = profile_for(user).hidden_fields(record.record_type)
    rows = ValueSource.objects.visible_to(user).filter(about)
    found = rows.order_by("-state", "-found_at", "-pk")[: SHOWN * 2]
    shown = [one for one in found if HIDDEN_BY.get(one.field, one.field) not in hidden]
    domains = {one.value for one in shown if one.field == "company"}
    if domains:
        companies = Company.objects.visible_to(user).annotate(upper=Upper("domain"))
        known = companies.filter(upper__in=[domain.upper() for domain in domains])
        seen = {domain.lower() for domain in known.values_list("domain", flat=True)}
        shown = [one for one in shown if one.field != "company" or one.value in seen]
    return shown[:SHOWN]


def suggestions_for(user: Any) -> QuerySet[ValueSource]:
    """All values found for records in the viewer's scope, whatever became of them; those of hidden fields and
    companies out of sight are left out."""
    rows: QuerySet[ValueSource] = ValueSource.objects.visible_to(user).filter(
        contact__deleted_at=None, company__deleted_at=None
    )
    for record_type in ("contact", "company"):
        hidden = profile_for(user).hidden_fields(record_type)
        fields = {field for field, name in HIDDEN_BY.items() if name in hidden} | hidden
        if fields:
            rows = rows.exclude(**{f"{record_type}__isnull": False}, field__in=sorted(fields))
    same_domain = Company.objects.visible_to(user).filter(domain__iexact=OuterRef("value"))
    return rows.filter(~Q(field="company") | Exists(same_domain))
