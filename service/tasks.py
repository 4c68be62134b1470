"""Service's Celery tasks: each only wakes work whose truth is in PostgreSQL."""

from celery import shared_task


@shared_task(name="service.send_message", time_limit=120)
def send_message(message_id: int) -> None:
    from service.services.sending import deliver

    deliver(message_id)


@shared_task(name="service.sweep_messages", time_limit=300)
def sweep_messages() -> int:
    """Send what a lost wake-up or a busy mail server left waiting; own up to what may have been sent."""
    from service.services.sending import deliver, due_messages, give_up_on_lost

    give_up_on_lost(actor=None)
    return sum(bool(deliver(message_id)) for message_id in due_messages())


@shared_task(name="service.ask_in_surveys", time_limit=300)
def ask_in_surveys() -> int:
    """Ask the customers whose survey is due. Returns how many mails were written."""
    from service.services.surveys import ask, due_requests

    return sum(ask(actor=None, request_id=pk) is not None for pk in due_requests())
