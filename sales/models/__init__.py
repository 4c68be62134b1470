from sales.models.deals import Deal, DealContact, DealLine, DealStageChange
from sales.models.orders import Order, OrderLine
from sales.models.pipelines import Pipeline, Stage
from sales.models.products import Product
from sales.models.quotas import Quota
from sales.models.tallies import DealTally

__all__ = [
    "Deal",
    "DealContact",
    "DealLine",
    "DealStageChange",
    "DealTally",
    "Order",
    "OrderLine",
    "Pipeline",
    "Product",
    "Quota",
    "Stage",
]
