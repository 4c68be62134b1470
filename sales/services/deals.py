"""Creating and editing deals; `sales.services.stages` moves them."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from contacts.models import Contact
from core.custom_fields.saving import for_new
from core.enums import Action
from core.events import publish
from core.models import Tag
from core.money import base_currency
from core.services.base import (
    default_team,
    require,
    require_on,
    save_changes,
    service,
)
from core.text import sort_key
from sales.enums import DealStatus
from sales.events import DealChanged, DealCreated, DealWon
from sales.models import Deal, DealStageChange, Pipeline, Stage
from sales.services.amounts import valued
from sales.services.customers import mark_customers, mark_opportunities
from sales.services.deal_contacts import put_contacts
from sales.services.deal_lines import LineInput, put_lines
from sales.services.happenings import tell_of_deal
from sales.services.links import check_visible
from sales.services.locking import locked
from sales.services.pipelines import default_pipeline

EDITABLE = frozenset(
    {
        "name",
        "company",
        "owner",
        "team",
        "amount",
        "currency",
        "probability",
        "expected_close",
        "opened_at",
        "closed_at",
        "lost_reason",
        "won_reason",
        "close_note",
        "description",
        "source",
        "utm",
        "external_id",
        "custom",
    }
)
"""What `update_deal` changes. Stage, contacts and lines have services of their own."""
_AMOUNT = frozenset({"amount", "currency", "closed_at"})


@service
def create_deal(
    *,
    actor: Any,
    name: str,
    pipeline: Pipeline | None = None,
    stage: Stage | None = None,
    contact: Contact | None = None,
    contacts: Sequence[tuple[Contact, str]] = (),
    lines: Sequence[LineInput] = (),
    tags: Iterable[Tag] = (),
    **fields: Any,
) -> Deal:
    """Create a deal in `stage` (default: the first of the pipeline, which defaults to the default one).

    `contact` is the primary one, `contacts` are more as (contact, role); `fields` are those of EDITABLE. The
    owner is the actor and the team the owner's, unless given. With `lines` the amount is their sum. Raises
    ValidationError by field, NoRate, NotAllowed.
    """
    require(actor, "deal", Action.ADD)
    _check_fields(fields)
    stage = _starting_stage(pipeline, stage)
    deal = _new_deal(actor, name, stage, fields)
    check_visible(actor, company=deal.company)
    deal.full_clean()
    deal.save()
    deal.tags.set(tags)
    put_contacts(actor, deal, [*([(contact, "")] if contact is not None else []), *contacts])
    put_lines(actor, deal, lines)
    require_on(actor, deal, Action.ADD)
    DealStageChange.objects.create(deal=deal, to_stage=stage, at=deal.opened_at, actor=actor)
    _tell_created(actor, deal)
    return deal


@service
def update_deal(
    *,
    actor: Any,
    deal: Deal,
    expected_version: int | None = None,
    tags: Iterable[Tag] | None = None,
    **fields: Any,
) -> Deal:
    """Change fields of EDITABLE and return the deal as it is now.

    The amount in the base currency follows amount and currency: at today's rate while the deal is open, at
    the closing date's when it is decided. Raises ValidationError by field, NoRate, NotAllowed, StaleRecord.
    """
    _check_fields(fields)
    current = locked(actor, deal)
    if "company" in fields and fields["company"] != current.company:
        check_visible(actor, company=fields["company"])
    if "owner" in fields and fields["owner"] != current.owner and "team" not in fields:
        fields["team"] = default_team(fields["owner"])
    if "name" in fields:
        fields["name"] = fields["name"].strip()
        fields["sort_name"] = sort_key(fields["name"], 200)
    if any(getattr(current, name) != fields[name] for name in _AMOUNT & fields.keys()):
        fields.update(_revalued(current, fields))
    changed = save_changes(current, fields, expected_version=expected_version)
    if tags is not None:
        current.tags.set(tags)
    if changed:
        publish(DealChanged(deal_id=current.pk, fields=sorted(changed)))
    return current


def _revalued(deal: Deal, fields: dict[str, Any]) -> dict[str, Any]:
    if "amount" in fields and fields["amount"] != deal.amount and deal.lines.exists():
        raise ValidationError({"amount": _("The amount is the sum of the lines. Change a line instead.")})
    closed_at = fields.get("closed_at", deal.closed_at)
    return valued(
        fields.get("amount", deal.amount), fields.get("currency", deal.currency), rate_day(closed_at)
    )


def rate_day(closed_at: datetime | None) -> Any:
    """The day whose rate counts: the closing date of decided deals, else today (UTC)."""
    return (closed_at or timezone.now()).date()


def _check_fields(fields: dict[str, Any]) -> None:
    wrong = fields.keys() - EDITABLE
    if wrong:
        raise TypeError(f"no editable field of a deal: {', '.join(sorted(wrong))}")


def _starting_stage(pipeline: Pipeline | None, stage: Stage | None) -> Stage:
    pipeline = pipeline or (stage.pipeline if stage else default_pipeline())
    if pipeline is None:
        raise ValidationError({"pipeline": _("There is no pipeline yet. Create one first.")})
    if stage is None:
        stage = pipeline.stages.filter(outcome=DealStatus.OPEN).order_by("position", "pk").first()
    if stage is None:
        raise ValidationError({"stage": _("The pipeline has no stage for open deals.")})
    if stage.pipeline_id != pipeline.pk:
        raise ValidationError({"stage": _("This stage belongs to another pipeline.")})
    return stage


def _new_deal(actor: Any, name: str, stage: Stage, fields: dict[str, Any]) -> Deal:
    values = {key: value for key, value in fields.items() if value is not None}
    values["custom"] = for_new("deal", fields)
    amount: Decimal | None = values.pop("amount", None)
    currency: str = values.pop("currency", "") or base_currency()
    opened = values.pop("opened_at", None) or timezone.now()
    closed = values.pop("closed_at", None)
    if stage.outcome != DealStatus.OPEN:
        closed = closed or timezone.now()
    elif closed is not None:
        raise ValidationError({"closed_at": _("An open deal has no closing date.")})
    owner = values.pop("owner", None) if "owner" in fields else actor
    team = values.pop("team", None) or default_team(owner)
    name = name.strip()
    return Deal(
        name=name,
        sort_name=sort_key(name, 200),
        owner=owner,
        team=team,
        pipeline=stage.pipeline,
        stage=stage,
        status=stage.outcome,
        probability=values.pop("probability", stage.probability),
        opened_at=opened,
        closed_at=closed,
        stage_since=closed or opened,
        **valued(amount, currency, rate_day(closed)),
        **values,
    )


def _tell_created(actor: Any, deal: Deal) -> None:
    tell_of_deal(actor, deal, "deal.created", deal.opened_at, "created", {"stage": deal.stage.name})
    people = list(deal.deal_contacts.values_list("contact_id", flat=True))
    mark_opportunities(actor=actor, contact_ids=people)
    publish(DealCreated(deal_id=deal.pk))
    if deal.status == DealStatus.OPEN:
        return
    assert deal.closed_at is not None
    tell_of_deal(actor, deal, f"deal.{deal.status}", deal.closed_at, f"{deal.status}:first")
    if deal.status == DealStatus.WON:
        mark_customers(
            actor=actor, contact_ids=people, company_ids=[deal.company_id] if deal.company_id else []
        )
        publish(DealWon(deal_id=deal.pk))
