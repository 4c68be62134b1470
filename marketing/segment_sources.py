"""What people did with campaigns moves them between segments, and can be counted."""

from typing import Any

from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from core.conditions.criteria import Criterion, Kind
from core.conditions.figures import Collection, Measure, register_collection
from core.conditions.sources import Source, register_sources
from marketing.enums import EngagementKind, Evidence, RecipientState
from marketing.models import Engagement, Recipient

GROUP = _("Counts and sums")

register_sources(
    "contact",
    Source(Recipient._meta.db_table, "SELECT contact_id FROM {rows}"),
    Source(
        Engagement._meta.db_table,
        "SELECT p.contact_id FROM marketing_recipient p JOIN {rows} r ON r.recipient_id = p.id",
    ),
)


def _sent(user: Any) -> Any:
    sent = Recipient.objects.filter(state=RecipientState.SENT)
    return sent if user is None else sent.filter(pk__in=Recipient.objects.visible_to(user).values("pk"))


def _done(kind: str) -> Any:
    """What a person did; machines do not count."""

    def rows(user: Any) -> Any:
        done = Engagement.objects.filter(kind=kind, evidence=Evidence.HUMAN)
        return done if user is None else done.filter(pk__in=Engagement.objects.visible_to(user).values("pk"))

    return rows


_CAMPAIGN = Criterion(
    "campaign", _("Campaign"), Kind.REF, path="campaign_id", ref_type="campaign", operators=("in", "not_in")
)
_SHARED: dict[str, Any] = {
    "narrow": (_CAMPAIGN,),
    "reads": ("campaign",),
    "group": GROUP,
    "field": "campaign_recipients",
}
register_collection(
    "contact",
    Collection(
        "mails",
        _sent,
        "contact_id",
        (Measure("count", _("Campaign mails received: number"), lambda only: Count("pk", filter=only)),),
        moved_by=(Recipient._meta.db_table,),
        at="sent_at",
        icon="mail",
        **_SHARED,
    ),
)
for _key, _kind, _label in (
    ("mail_opens", EngagementKind.OPEN, _("Campaign mails opened by themselves: number")),
    ("mail_clicks", EngagementKind.CLICK, _("Links followed by themselves: number")),
):
    register_collection(
        "contact",
        Collection(
            _key,
            _done(_kind),
            "recipient__contact_id",
            (Measure("count", _label, lambda only: Count("pk", filter=only)),),
            moved_by=(Recipient._meta.db_table, Engagement._meta.db_table),
            at="last_at",
            icon="click",
            **_SHARED,
        ),
    )
