"""What sales hands to core's registries."""

from core.registries import defaults, grants, imports
from core.registries.grants import FULL, READ, A, N, T
from sales.importing.deals import DealTarget
from sales.importing.orders import OrderTarget
from sales.importing.products import ProductTarget
from sales.services.pipelines import ensure_sales_defaults

O = grants.OWN  # noqa: E741  (the column of levels reads as one letter each)

grants.register(
    "deal",
    manager=(T, T, T, T, T),
    sales=(T, T, T, O, N),
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

defaults.register("sales.pipelines", lambda: ensure_sales_defaults(actor=None) and None)

imports.register(ProductTarget())
imports.register(DealTarget())
imports.register(OrderTarget())
