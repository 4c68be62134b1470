"""Found values: the card beside the record, and the filter for mailboxes that are nobody's company."""

from typing import Any

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from contacts.enrichment.domains import FREE
from contacts.enums import PointKind, SuggestionState
from contacts.models import ContactPoint
from contacts.selectors.enrichment import sources_of
from core.conditions import criteria
from core.conditions.criteria import Criterion, Kind
from core.conditions.within import narrow
from core.registries import panels
from core.registries.panels import Panel
from core.scope.access import profile_for

FIELDS = {
    "job_title": _("Job title"),
    "company": _("Company"),
    "phone": _("Phone"),
    "mobile": _("Mobile"),
    "email": _("E-mail"),
    "address": _("Address"),
    "city": _("City"),
    "description": _("Description"),
    "website": _("Website"),
    "social": _("Social"),
}


def found_card(record: Any, user: Any) -> dict[str, Any] | None:
    may_change = profile_for(user).allows(record.record_type, "change")
    rows = sources_of(record, user)
    look_up = ""
    if record.record_type == "company" and settings.ENRICH_FROM_SITES and record.domain and may_change:
        look_up = reverse("contacts:company_look_up", args=[record.pk])
    if not rows and not look_up:
        return None
    shown = [(row, FIELDS.get(row.field, row.field), row.value.replace(" | ", ", ")) for row in rows]
    return {
        "open": [one for one in shown if one[0].state == SuggestionState.SUGGESTED],
        "taken": [one for one in shown if one[0].state == SuggestionState.ACCEPTED],
        "count": sum(row.state == SuggestionState.SUGGESTED for row in rows),
        "may_decide": may_change,
        "look_up_url": look_up,
    }


for _type in ("contact", "company"):
    panels.register(
        Panel("found", _type, _("Found"), "sparkles", "contacts/panels/_found.html", found_card, order=7)
    )


def free_mail(op: str, value: Any, user: Any) -> Q:
    """People with a mailbox at a provider for everybody."""
    pattern = "@(" + "|".join(domain.replace(".", r"\.") for domain in sorted(FREE)) + ")$"
    rows = ContactPoint.objects.filter(kind=PointKind.EMAIL, contact__isnull=False, normalised__regex=pattern)
    has = Q(pk__in=narrow(rows.order_by(), "contact_id").values("contact_id"))
    return has if value else ~has


criteria.register(
    "contact",
    Criterion(
        "free_mail",
        _("Has a free mailbox"),
        Kind.BOOL,
        build=free_mail,
        field="points",
        icon="mail",
        moved_by=(ContactPoint._meta.db_table,),
    ),
)
