"""What imported deals leave behind: stage history, lines, timelines, customers."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from contacts.services.timeline import Happening, record_timeline
from core.enums import ImportRowFate
from core.importing.bulk import copy_rows, next_ids, update_rows
from core.importing.rows import ImportContext, Row
from core.importing.targets import Applied
from sales.enums import DealStatus
from sales.models import Deal, DealLine, DealStageChange, Product, Stage
from sales.services.customers import mark_customers

DAY = Decimal(86_400)


def write_steps(
    context: ImportContext, applied: Applied, before: Mapping[int, Mapping[str, Any]]
) -> dict[int, int]:
    """Stage history. A decided deal was opened in the pipeline's first stage and went to its end from there:
    the file knows no more. Returns the id of the step that each deal's stage stands on."""
    stages: dict[int, Stage] = context.memory["stages"]
    first = next((s for s in stages.values() if s.outcome == DealStatus.OPEN), None)
    steps: list[tuple[int, int | None, int, datetime, Decimal | None]] = []
    for deal in _deals(pk for _row, pk in applied.created):
        stage = stages[deal["stage_id"]]
        if stage.outcome == DealStatus.OPEN or first is None:
            steps.append((deal["id"], None, stage.pk, deal["opened_at"], None))
        else:
            steps.append((deal["id"], None, first.pk, deal["opened_at"], None))
            days = _days(deal["opened_at"], deal["closed_at"])
            steps.append((deal["id"], first.pk, stage.pk, deal["closed_at"], days))
    moved = {pk: old for pk, old in before.items() if "stage_id" in old}
    for deal in _deals(moved):
        old = moved[deal["id"]]
        if deal["stage_id"] != old["stage_id"]:
            at = deal["closed_at"] or timezone.now()
            steps.append((deal["id"], old["stage_id"], deal["stage_id"], at, _days(old["stage_since"], at)))
    now, actor = timezone.now(), context.actor.pk if context.actor else None
    ids = next_ids(DealStageChange, len(steps)) if steps else []
    columns = (
        "id", "created_at", "updated_at", "deal_id", "from_stage_id", "to_stage_id", "at", "days_in_stage",
        "actor_id",
    )  # fmt: skip
    copy_rows(
        DealStageChange,
        columns,
        [
            (key, now, now, deal, source, to, at, days, actor)
            for key, (deal, source, to, at, days) in zip(ids, steps, strict=True)
        ],
    )
    return {deal: key for key, (deal, source, *_rest) in zip(ids, steps, strict=True) if source is not None}


def _deals(ids: Iterable[int]) -> list[dict[str, Any]]:
    columns = ("id", "name", "stage_id", "status", "opened_at", "closed_at", "company_id", "contact_id")
    return list(Deal.all_objects.filter(pk__in=list(ids)).order_by("pk").values(*columns))


def _days(since: datetime, until: datetime) -> Decimal:
    return (Decimal(max(0.0, (until - since).total_seconds())) / DAY).quantize(Decimal("0.001"))


def write_lines(context: ImportContext, applied: Applied) -> None:
    """One line per deal for its product, worth the deal's amount. A word nobody knows yet is the line's
    description, until a person decides which product it means."""
    named = [
        (row, pk)
        for row, pk in applied.everything
        if row.values.get("product") is not None or row.words.get("product")
    ]
    if not named:
        return
    names = dict(
        Product.objects.filter(pk__in={row.values.get("product") for row, _pk in named} - {None}).values_list(
            "pk", "name"
        )
    )
    old = [pk for row, pk in (*applied.updated, *applied.same)]
    there: dict[int, list[DealLine]] = {}
    for line in DealLine.objects.filter(deal__in=old).order_by("pk"):
        there.setdefault(line.deal_id, []).append(line)
    amounts = dict(Deal.all_objects.filter(pk__in=[pk for _row, pk in named]).values_list("pk", "amount"))
    new, changes = [], []
    now = timezone.now()
    for row, pk in named:
        product = row.values.get("product")
        description = names.get(product, "") or row.words.get("product", "")
        price = amounts[pk] or Decimal(0)
        lines = there.get(pk, [])
        if not lines:
            new.append((now, now, pk, product, description[:250], 1, price, 0, price, 0))
        elif len(lines) == 1 and _differs(lines[0], product, price):
            changes.append((lines[0].pk, product or lines[0].product_id, description[:250], price, price))
            _mark_updated(row)
    copy_rows(
        DealLine,
        (
            "created_at", "updated_at", "deal_id", "product_id", "description", "quantity", "unit_price",
            "discount_percent", "total", "position",
        ),
        new,
    )  # fmt: skip
    update_rows(DealLine, ("product_id", "description", "unit_price", "total"), changes)


def _differs(line: DealLine, product: int | None, price: Decimal) -> bool:
    imported = line.quantity == 1 and line.discount_percent == 0
    return imported and ((product is not None and line.product_id != product) or line.total != price)


def _mark_updated(row: Row) -> None:
    if row.fate == ImportRowFate.SKIPPED:
        row.fate = ImportRowFate.UPDATED


def tell(context: ImportContext, applied: Applied, steps: Mapping[int, int]) -> None:
    """Timeline of the companies: opened, and how it ended, at the world's own times."""
    created = {pk for _row, pk in applied.created}
    actor = context.actor.pk if context.actor else None
    happenings = []
    for deal in _deals(created | steps.keys()):
        if not deal["company_id"] and not deal["contact_id"]:
            continue
        common: dict[str, Any] = {
            "contact_id": deal["contact_id"], "company_id": deal["company_id"], "actor_id": actor,
            "title": deal["name"], "record_type": "deal", "object_id": deal["id"],
        }  # fmt: skip
        key, stages = f"deal:{deal['id']}", context.memory["stages"]
        if deal["id"] in created:
            data = {"stage": stages[deal["stage_id"]].name}
            happenings.append(
                Happening("deal.created", deal["opened_at"], f"{key}:created", data=data, **common)
            )
        if deal["id"] in steps and deal["status"] in (DealStatus.WON, DealStatus.LOST):
            kind = "deal.won" if deal["status"] == DealStatus.WON else "deal.lost"
            data = {"to": stages[deal["stage_id"]].name}
            step = f"{key}:step:{steps[deal['id']]}"
            happenings.append(Happening(kind, deal["closed_at"], step, data=data, **common))
    record_timeline(actor=context.actor, happenings=happenings)


def mark_winners(context: ImportContext, applied: Applied, before: Mapping[int, Mapping[str, Any]]) -> None:
    """Companies that bought are customers now."""
    ids = [pk for _row, pk in applied.created] + list(before)
    won = Deal.all_objects.filter(pk__in=ids, status=DealStatus.WON, company__isnull=False)
    companies = set(won.values_list("company_id", flat=True))
    if companies:
        mark_customers(actor=context.actor, company_ids=companies)
