"""Several changes of a deal in one go: all of it or nothing."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from contacts.models import Contact
from core.services.base import service
from sales.enums import DealStatus
from sales.models import Deal, Stage
from sales.services.deal_contacts import set_deal_contacts
from sales.services.deals import update_deal
from sales.services.stages import move_deal

REASONS = {DealStatus.LOST: "lost_reason", DealStatus.WON: "won_reason"}


@service
def change_deal(
    *, actor: Any, deal: Deal, values: dict[str, Any], expected_version: int | None = None
) -> Deal:
    """Change fields, the primary `contact` and the `stage` together, as one request of the API asks for.

    With a stage that decides the deal, `lost_reason`, `won_reason` and `close_note` belong to the move.
    Raises ValidationError by field, NotAllowed, StaleRecord.
    """
    values = dict(values)
    stage: Stage | None = values.pop("stage", None)
    _check_pipeline(deal, stage, values.pop("pipeline", None))
    swaps, contact = "contact" in values, values.pop("contact", None)
    reason, note = _about_the_move(stage, values)
    current = update_deal(actor=actor, deal=deal, expected_version=expected_version, **values)
    if swaps and contact != current.contact:
        current = _with_primary(actor, current, contact)
    if stage is not None:
        current = move_deal(actor=actor, deal=current, stage=stage, reason=reason, note=note)
    return current


def _check_pipeline(deal: Deal, stage: Stage | None, pipeline: Any) -> None:
    if pipeline is not None and pipeline.pk != (stage.pipeline_id if stage else deal.pipeline_id):
        raise ValidationError({"pipeline": _("Give a stage of this pipeline.")})


def _about_the_move(stage: Stage | None, values: dict[str, Any]) -> tuple[str, str]:
    if stage is None or stage.outcome == DealStatus.OPEN:
        return "", ""
    reason = values.pop(REASONS[DealStatus(stage.outcome)], "")
    return reason, values.pop("close_note", "")


def _with_primary(actor: Any, deal: Deal, contact: Contact | None) -> Deal:
    links = list(deal.deal_contacts.select_related("contact").order_by("-is_primary", "pk"))
    roles = {link.contact: link.role for link in links}
    before = deal.contact
    first = [(contact, roles.get(contact, ""))] if contact is not None else []
    others = [(one, role) for one, role in roles.items() if one not in (contact, before)]
    return set_deal_contacts(actor=actor, deal=deal, contacts=first + others)
