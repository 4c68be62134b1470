"""Deals as lists, panels and searches show them."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db.models import Case, DateField, F, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce, Now
from django.urls import reverse

from contacts.models import Company, Contact
from core.registries.records import SearchHit
from core.scope.access import profile_for
from core.scope.fields import conceal_all
from core.text import sort_key
from sales.enums import DealStatus
from sales.models import Deal, DealContact, DealStageChange, Stage
from sales.models.deals import NO_CLOSE_DATE


def with_close_key(deals: QuerySet[Deal]) -> QuerySet[Deal]:
    """`close_key`: the expected close, and for deals without one a day after all others. Never null, so that
    lists can be paged by it."""
    return deals.annotate(
        close_key=Coalesce("expected_close", Value(NO_CLOSE_DATE), output_field=DateField())
    )


def rotting() -> Q:
    """Open deals that have been in their stage for longer than its `rot_days`."""
    return Q(
        status=DealStatus.OPEN,
        stage__rot_days__isnull=False,
        stage_since__lt=Now() - F("stage__rot_days") * Value(timedelta(days=1)),
    )


def search_deals(user: Any, text: str, limit: int) -> Sequence[SearchHit]:
    """Deals in scope whose name has `text`, open ones first, then those whose name begins with it."""
    wanted = sort_key(text)
    rows = (
        Deal.objects.visible_to(user)
        .filter(sort_name__contains=wanted)
        .select_related("company", "stage")
        .only("name", "sort_name", "company__name", "company__owner_id", "company__team_id", "stage__name")
        .order_by(
            Case(When(status=DealStatus.OPEN, then=0), default=1),
            Case(When(sort_name__startswith=wanted, then=0), default=1),
            "sort_name",
            "pk",
        )
    )
    found = list(rows[:limit])
    conceal_all(found, user)
    return [
        SearchHit(
            "deal",
            deal.pk,
            deal.name,
            " · ".join([*([deal.company.name] if deal.company else []), deal.stage.name]),
            reverse("sales:deal_detail", args=[deal.pk]),
        )
        for deal in found
    ]


def deals_of_company(user: Any, company: Company) -> QuerySet[Deal]:
    """The company's deals in scope, open ones first, the newest first."""
    return _for_panel(Deal.objects.visible_to(user).filter(company=company))


def deals_of_contact(user: Any, contact: Contact) -> QuerySet[Deal]:
    """The deals in scope that the person takes part in, in any role."""
    return _for_panel(Deal.objects.visible_to(user).filter(deal_contacts__contact=contact))


def people_of_deal(user: Any, deal: Deal) -> QuerySet[DealContact]:
    """Who takes part in a deal, of those whom `user` may see, the primary one first; nobody where the role hides a
    deal's contact."""
    if "contact" in profile_for(user).hidden_fields("deal"):
        return deal.deal_contacts.none()
    people = Contact.objects.visible_to(user)
    rows: QuerySet[DealContact] = deal.deal_contacts.filter(contact__in=people.values("pk"))
    return rows.select_related("contact").order_by("-is_primary", "pk")


def stage_history(deal: Deal) -> QuerySet[DealStageChange]:
    """The way of a deal, newest first; who may see the deal may see its way."""
    return deal.stage_changes.select_related("from_stage", "to_stage", "actor").order_by("-at", "-pk")


def stage_path(deal: Deal, stages: Sequence[Stage]) -> list[tuple[Stage, str]]:
    """The stages of the deal's pipeline with how each stands: done, current or ahead. A decided deal ends in
    its own stage and the other ending is left out; an open one ends in the stage for won deals."""
    end = DealStatus.LOST if deal.status == DealStatus.LOST else DealStatus.WON
    path = [stage for stage in stages if stage.outcome in (DealStatus.OPEN, end)]
    place = next((at for at, stage in enumerate(path) if stage.pk == deal.stage_id), 0)
    return [
        (stage, "current" if at == place else "done" if at < place else "ahead")
        for at, stage in enumerate(path)
    ]


def _for_panel(rows: QuerySet[Deal]) -> QuerySet[Deal]:
    is_open = Case(When(status=DealStatus.OPEN, then=0), default=1)
    return rows.select_related("stage", "owner").order_by(is_open, "-opened_at", "-pk")
