"""What every installation has from its first minute: the organisation's row and the default roles."""

from typing import Any

from django.conf import settings

from core.models import Organisation, Role, RoleGrant
from core.registries import defaults, grants
from core.services.base import service

ROLE_NAMES = {
    "admin": ("Administrator", ["*"]),
    "manager": ("Manager", ["run_imports", "see_audit", "share_views", "see_jobs"]),
    "sales": ("Sales", ["run_imports"]),
    "marketing": ("Marketing", ["run_imports", "send_campaigns"]),
    "service": ("Service", []),
    "analyst": ("Analyst", ["see_audit"]),
    "readonly": ("Read-only", []),
}


@service
def ensure_defaults(*, actor: Any) -> None:
    """Create what is missing and leave what somebody changed as it is. Safe to run at every start."""
    Organisation.objects.get_or_create(pk=1, defaults={"base_currency": settings.BASE_CURRENCY})
    for key in grants.DEFAULT_ROLES:
        name, capabilities = ROLE_NAMES[key]
        role, _created = Role.objects.get_or_create(
            key=key, defaults={"name": name, "capabilities": capabilities}
        )
        known = set(role.grants.values_list("record_type", flat=True))
        RoleGrant.objects.bulk_create(
            _grant(role, record_type) for record_type in grants.record_types() if record_type not in known
        )
    for create in defaults.all_defaults():
        create()


def _grant(role: Role, record_type: str) -> RoleGrant:
    view, add, change, remove, export = grants.levels(role.key, record_type)
    return RoleGrant(
        role=role, record_type=record_type, view=view, add=add, change=change, remove=remove, export=export
    )
