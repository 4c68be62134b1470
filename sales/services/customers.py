"""What selling makes of people and companies: opportunities, then customers."""

from collections.abc import Iterable
from typing import Any

from contacts.enums import CompanyKind, LifecycleStage
from contacts.models import Company, Contact
from core.services.base import service

BEFORE_OPPORTUNITY = (LifecycleStage.SUBSCRIBER, LifecycleStage.LEAD)
BEFORE_CUSTOMER = (*BEFORE_OPPORTUNITY, LifecycleStage.OPPORTUNITY, LifecycleStage.FORMER)


@service
def mark_opportunities(*, actor: Any, contact_ids: Iterable[int]) -> int:
    """People with a deal are opportunities, if they were less. Returns how many changed."""
    return _promote(contact_ids, BEFORE_OPPORTUNITY, LifecycleStage.OPPORTUNITY)


@service
def mark_customers(*, actor: Any, contact_ids: Iterable[int] = (), company_ids: Iterable[int] = ()) -> int:
    """Who bought is a customer; partners, suppliers and competitors stay what they are. Set-based: imports
    call it once for each chunk. Returns how many people and companies changed."""
    companies = Company.all_objects.filter(pk__in=set(company_ids) - {None}, kind=CompanyKind.PROSPECT)
    return _promote(contact_ids, BEFORE_CUSTOMER, LifecycleStage.CUSTOMER) + companies.update(
        kind=CompanyKind.CUSTOMER
    )


def _promote(ids: Iterable[int], before: tuple[LifecycleStage, ...], after: LifecycleStage) -> int:
    rows = Contact.all_objects.filter(pk__in=set(ids) - {None}, lifecycle_stage__in=before)
    return int(rows.update(lifecycle_stage=after))
