"""Waking a worker. The task holds no truth: when the broker is away, the sweep finds the work."""

import logging

from kombu.exceptions import OperationalError

logger = logging.getLogger("crm.marketing")


def poke(campaign_id: int) -> None:
    from marketing.tasks import drain_campaign

    try:
        drain_campaign.apply_async((campaign_id,), retry=False)
    except (OperationalError, OSError) as error:
        logger.warning("broker away, the sweep will wake a worker", extra={"error": type(error).__name__})
