"""Import targets."""

from core.registries import imports
from sales.importing.about_deals import ABOUT_DEALS
from sales.importing.deals import DealTarget
from sales.importing.layouts import LAYOUTS
from sales.importing.orders import OrderTarget
from sales.importing.products import ProductTarget

imports.register(ProductTarget())
imports.register(DealTarget())
imports.register(OrderTarget())
imports.register_fields("activities", ABOUT_DEALS)
imports.register_layouts(*LAYOUTS)
