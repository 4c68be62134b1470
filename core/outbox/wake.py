"""Waking the dispatcher: a hint only. Should the broker be away, the sweep of beat finds the events."""

import logging

from kombu.exceptions import OperationalError

logger = logging.getLogger("crm.outbox")


def wake_dispatcher() -> None:
    from core.tasks import dispatch_outbox

    try:
        dispatch_outbox.apply_async(expires=60, retry=False)
    except (OperationalError, OSError) as error:
        logger.warning("broker away, events wait for the sweep", extra={"error": type(error).__name__})
