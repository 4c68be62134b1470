"""Moving deals through their pipeline, to the end and back."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from core.events import publish
from core.services.base import save_changes, service
from sales import rules
from sales.enums import DealStatus
from sales.events import DealLost, DealMoved, DealReopened, DealWon
from sales.models import Deal, DealStageChange, Stage
from sales.services.amounts import valued
from sales.services.customers import mark_customers
from sales.services.happenings import tell_of_deal
from sales.services.locking import locked

DAY = Decimal(86_400)
MILLI = Decimal("0.001")


@service
def move_deal(
    *,
    actor: Any,
    deal: Deal,
    stage: Stage,
    reason: str = "",
    note: str = "",
    at: datetime | None = None,
    expected_version: int | None = None,
) -> Deal:
    """Put the deal into `stage` (of its own or another pipeline) and return it as it is now.

    A stage that means won or lost decides the deal at `at` (default: now), an open one reopens a decided
    deal. Losing needs a `reason`. Moving to where it is changes nothing. Raises ValidationError, NotAllowed,
    StaleRecord.
    """
    current = locked(actor, deal)
    save_changes(current, {}, expected_version=expected_version)
    if current.stage_id == stage.pk:
        return current
    if not rules.may_go(current.status, stage.outcome):
        raise ValidationError(
            {
                "stage": ValidationError(
                    _("This deal is %(status)s already. Reopen it first."),
                    params={"status": DealStatus(current.status).label},
                )
            }
        )
    moment = _moment(current, at)
    before, was_decided = current.stage, current.status != DealStatus.OPEN
    days = _days(current.stage_since, moment)
    save_changes(current, _values(current, stage, reason, note, moment))
    step = DealStageChange.objects.create(
        deal=current, from_stage=before, to_stage=stage, at=moment, actor=actor, days_in_stage=days
    )
    _tell(actor, current, before, step, was_decided)
    return current


@service
def win_deal(
    *,
    actor: Any,
    deal: Deal,
    reason: str = "",
    note: str = "",
    at: datetime | None = None,
    expected_version: int | None = None,
) -> Deal:
    """The deal is won, in its pipeline's stage for won deals, worth its amount at the rate of that day."""
    return move_deal(
        actor=actor,
        deal=deal,
        stage=end_stage(deal, DealStatus.WON),
        reason=reason,
        note=note,
        at=at,
        expected_version=expected_version,
    )


@service
def lose_deal(
    *,
    actor: Any,
    deal: Deal,
    reason: str,
    note: str = "",
    at: datetime | None = None,
    expected_version: int | None = None,
) -> Deal:
    """The deal is lost, for a reason of `LostReason`."""
    return move_deal(
        actor=actor,
        deal=deal,
        stage=end_stage(deal, DealStatus.LOST),
        reason=reason,
        note=note,
        at=at,
        expected_version=expected_version,
    )


@service
def reopen_deal(
    *, actor: Any, deal: Deal, stage: Stage | None = None, expected_version: int | None = None
) -> Deal:
    """A decided deal is open again, in `stage` or in the one it was decided from."""
    target = stage or _stage_before(deal)
    if target.outcome != DealStatus.OPEN:
        raise ValidationError({"stage": _("Choose a stage for open deals.")})
    return move_deal(actor=actor, deal=deal, stage=target, expected_version=expected_version)


def end_stage(deal: Deal, outcome: DealStatus) -> Stage:
    """The stage of the deal's pipeline that means `outcome`. Raises ValidationError where it has none."""
    stage = Stage.objects.filter(pipeline_id=deal.pipeline_id, outcome=outcome).first()
    if stage is None:
        text = _("This pipeline has no stage for %(outcome)s deals. Add one in the settings.")
        raise ValidationError({"stage": ValidationError(text, params={"outcome": outcome.label})})
    return stage


def _stage_before(deal: Deal) -> Stage:
    last = (
        deal.stage_changes.filter(from_stage__outcome=DealStatus.OPEN, from_stage__pipeline=deal.pipeline_id)
        .select_related("from_stage")
        .order_by("-at", "-pk")
        .first()
    )
    if last is not None and last.from_stage is not None:
        return last.from_stage
    first = Stage.objects.filter(pipeline=deal.pipeline_id, outcome=DealStatus.OPEN).order_by(
        "position", "pk"
    )
    stage = first.first()
    if stage is None:
        raise ValidationError({"stage": _("The pipeline has no stage for open deals.")})
    return stage


def _moment(deal: Deal, at: datetime | None) -> datetime:
    now = timezone.now()
    if at is not None and at > now:
        raise ValidationError({"closed_at": _("This date is in the future.")})
    return at or now


def _days(since: datetime, until: datetime) -> Decimal:
    seconds = max(Decimal(0), Decimal((until - since).total_seconds()))
    return (seconds / DAY).quantize(MILLI)


def _values(deal: Deal, stage: Stage, reason: str, note: str, moment: datetime) -> dict[str, Any]:
    outcome = stage.outcome
    if outcome == DealStatus.LOST and not reason:
        raise ValidationError({"lost_reason": _("Say why the deal was lost.")})
    values: dict[str, Any] = {
        "pipeline": stage.pipeline,
        "stage": stage,
        "status": outcome,
        "stage_since": moment,
        "probability": stage.probability,
        "closed_at": None if outcome == DealStatus.OPEN else moment,
        "lost_reason": reason if outcome == DealStatus.LOST else "",
        "won_reason": reason if outcome == DealStatus.WON else "",
        "close_note": "" if outcome == DealStatus.OPEN else note,
    }
    if outcome != DealStatus.OPEN or deal.status != DealStatus.OPEN:
        values |= valued(deal.amount, deal.currency, moment.date())
    return values


def _tell(actor: Any, deal: Deal, before: Stage, step: DealStageChange, was_decided: bool) -> None:
    after, key = deal.stage, f"step:{step.pk}"
    data = {"from": before.name, "to": after.name}
    publish(DealMoved(deal_id=deal.pk, from_stage_id=before.pk, to_stage_id=after.pk))
    if deal.status == DealStatus.WON:
        tell_of_deal(actor, deal, "deal.won", step.at, key, data | {"reason": deal.won_reason})
        people = deal.deal_contacts.values_list("contact_id", flat=True)
        mark_customers(
            actor=actor, contact_ids=people, company_ids=[deal.company_id] if deal.company_id else []
        )
        publish(DealWon(deal_id=deal.pk))
    elif deal.status == DealStatus.LOST:
        tell_of_deal(actor, deal, "deal.lost", step.at, key, data | {"reason": deal.lost_reason})
        publish(DealLost(deal_id=deal.pk))
    elif was_decided:
        tell_of_deal(actor, deal, "deal.reopened", step.at, key, data)
        publish(DealReopened(deal_id=deal.pk))
    else:
        tell_of_deal(actor, deal, "deal.moved", step.at, key, data)
