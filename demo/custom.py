"""Custom fields of the demo: what this company wants to know besides, and what its people have typed."""

from datetime import timedelta
from random import Random
from typing import Any

from core.services.custom_fields import create_custom_field
from demo.world import World

PLANS = ("gold", "silver", "bronze")
DELIVERIES = ("parcel", "parcel", "own_van", "collected")
RUSH = "Rush order"
ASKED_ABOUT = ("training", "spare_parts", "rental", "trade_fairs")
GIVEN = 0.55
"""The part of records for which somebody has filled the fields in."""


def seed_custom_fields(world: World) -> None:
    """The definitions, through the service that the settings page uses."""
    has_plan = {"field": "cf_service_plan", "op": "not_empty", "value": None}

    def add(record_type: str, label: str, kind: str, **values: Any) -> None:
        create_custom_field(actor=None, record_type=record_type, label=label, kind=kind, **values)

    add("contact", "Service plan", "choice", options=["Gold", "Silver", "Bronze"], section="Service",
        position=10, personal=False)  # fmt: skip
    add(
        "contact",
        "Contract ends",
        "date",
        section="Service",
        position=20,
        visible_when=has_plan,
        indexed=True,
    )
    add("contact", "Asked about", "multi", section="Service", position=30,
        options=["Training", "Spare parts", "Rental", "Trade fairs"])  # fmt: skip
    add("company", "Vehicles", "number", section="Fleet", position=10, personal=False)
    add("company", "Yearly budget", "money", section="Fleet", position=20, personal=False)
    add("company", "Budget per vehicle", "formula", section="Fleet", position=30, personal=False,
        formula="round(yearly_budget / vehicles, 2)")  # fmt: skip
    add("order", "Delivery", "choice", options=["Parcel", "Own van", "Collected"], personal=False)
    add("product", "Shelf", "text", personal=False)


class Values:
    """What the records hold. Random numbers of its own, so that the other data stays as it is."""

    def __init__(self, world: World, what: str) -> None:
        self.random, self.world = Random(f"{what}:{world.contacts}"), world

    def of_contact(self) -> dict[str, Any]:
        random, values = self.random, dict[str, Any]()
        if random.random() > GIVEN:
            return values
        if random.random() < 0.7:
            values["service_plan"] = random.choice(PLANS)
            ends = self.world.now + timedelta(days=random.randint(-120, 600))
            values["contract_ends"] = ends.date().isoformat()
        chosen = [one for one in ASKED_ABOUT if random.random() < 0.3]
        return {**values, "asked_about": chosen} if chosen else values

    def of_order(self) -> dict[str, Any]:
        return {"delivery": self.random.choice(DELIVERIES)} if self.random.random() < GIVEN else {}

    def is_rushed(self) -> bool:
        """Whether the order carries the tag `RUSH`."""
        return self.random.random() < 0.04

    def of_company(self) -> dict[str, Any]:
        if self.random.random() > GIVEN:
            return {}
        vehicles, budget = self.random.randint(1, 80), self.random.randint(5, 400) * 1000
        return {
            "vehicles": vehicles,
            "yearly_budget": {"amount": budget, "currency": "EUR"},
            "budget_per_vehicle": round(budget / vehicles, 2),
        }
