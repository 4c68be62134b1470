"""Who may do what with tickets by default, and what every installation starts with."""

from core.registries import defaults, grants, hiding
from core.registries.grants import FULL, OWN, READ, A, N, T
from service.services.defaults import ensure_service_defaults, ensure_ticket_views

grants.register(
    "ticket",
    manager=(A, A, T, T, T),
    sales=(A, A, OWN, N, N),
    service=(A, A, A, N, N),
    analyst=(A, N, N, N, A),
    readonly=READ,
)
# who writes to us takes their company along, and what they say of our help belongs to the ticket
hiding.register_copies("contact", "company", ("ticket", "company"), ("survey_answer", "company"))
for _shared in ("queue", "sla_policy"):
    grants.register(
        _shared, manager=FULL, sales=READ, marketing=READ, service=READ, analyst=READ, readonly=READ
    )
grants.register("raw_mail", manager=(A, N, A, N, N), service=(A, N, A, N, N))


def _create_defaults() -> None:
    ensure_service_defaults(actor=None)
    ensure_ticket_views(actor=None)


defaults.register("service.queues", _create_defaults)
