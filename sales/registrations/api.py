"""Resources of the API."""

from core.api.router import register
from sales.api.deals import DealRecords
from sales.api.orders import OrderRecords
from sales.api.pipelines import PipelineRecords
from sales.api.products import ProductRecords

register("deals", DealRecords, "deal")
register("pipelines", PipelineRecords, "pipeline")
register("products", ProductRecords, "product")
register("orders", OrderRecords, "order")
