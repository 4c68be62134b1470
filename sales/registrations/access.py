"""Who may do what with sales' records by default, and what every installation starts with."""

from core.registries import defaults, grants, hiding
from core.registries.grants import FULL, READ, A, N, T
from sales.services.pipelines import ensure_sales_defaults

hiding.register("deal", contact=("contacts",), contacts=("contact",))
grants.register(
    "deal",
    manager=(T, T, T, T, T),
    sales=(T, T, T, grants.OWN, N),
    marketing=READ,
    service=READ,
    analyst=(A, N, N, N, A),
    readonly=READ,
)
grants.register(
    "order",
    manager=(T, A, T, T, T),
    sales=(T, A, T, N, N),
    marketing=(A, N, N, N, N),
    service=READ,
    analyst=(A, N, N, N, A),
    readonly=READ,
)
for _shared in ("product", "pipeline"):
    grants.register(
        _shared,
        manager=FULL,
        sales=READ,
        marketing=READ,
        service=READ,
        analyst=(A, N, N, N, A),
        readonly=READ,
    )
grants.register("quota", manager=(T, T, T, T, T), sales=(grants.OWN, N, N, N, N), analyst=READ)


def _create_defaults() -> None:
    ensure_sales_defaults(actor=None)


defaults.register("sales.pipelines", _create_defaults)
