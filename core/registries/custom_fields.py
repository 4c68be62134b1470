"""Record types that take custom fields. The model derives from `core.models.CustomValues`; one line joins it:

`custom_fields.register(CustomHost("deal", "sales.Deal"))`
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.apps import apps
from django.db.models import Model

from core.conditions.criteria import Kind


@dataclass(frozen=True)
class CustomHost:
    """A record type with custom fields. `order` are the columns by which its list is sorted among equals;
    `plain` are the model's own fields that conditions and formulas may read."""

    record_type: str
    label: str
    order: tuple[str, ...] = ()
    plain: Mapping[str, Kind] = field(default_factory=dict)

    @property
    def model(self) -> type[Model]:
        return apps.get_model(self.label)


_hosts: dict[str, CustomHost] = {}


def register(host: CustomHost) -> None:
    _hosts[host.record_type] = host


def get(record_type: str) -> CustomHost | None:
    return _hosts.get(record_type)


def all_hosts() -> list[CustomHost]:
    return list(_hosts.values())
