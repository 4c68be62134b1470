"""What core registers for itself."""

from core.registries import grants
from core.registries.grants import FULL, READ

grants.register("user", manager=READ, sales=READ, marketing=READ, service=READ, analyst=READ, readonly=READ)
grants.register("team", manager=READ, sales=READ, marketing=READ, service=READ, analyst=READ, readonly=READ)
grants.register("role", manager=READ)
grants.register("tag", manager=FULL, sales=FULL, marketing=FULL, service=FULL, analyst=READ, readonly=READ)
grants.register(
    "organisation", manager=READ, sales=READ, marketing=READ, service=READ, analyst=READ, readonly=READ
)
grants.register(
    "exchange_rate", manager=FULL, sales=READ, marketing=READ, service=READ, analyst=READ, readonly=READ
)
