"""The weekly report to everybody who looks after people or companies: what of theirs is to be mended."""

from dataclasses import dataclass
from datetime import date
from smtplib import SMTPException
from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.db.models import Count
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from contacts.quality.criteria import counting_by_team
from core.conditions.rows_links import RowsLink
from core.enums import Action
from core.mail.transport import new_message_id, send_mail
from core.models import Notification, User
from core.registries import quality, records
from core.registries.quality import Measure
from core.scope.access import profile_for
from core.services.notifications import NO_REPORT, notify


@dataclass(frozen=True)
class Mend:
    """A flaw in somebody's own records."""

    measure: Measure
    number: int
    link: RowsLink


def reports() -> dict[int, list[Mend]]:
    """What is to be mended, by owner; active people alone who have not said no. One query a record type and
    one for the people."""
    found: dict[int, list[Mend]] = {}
    people = {u.pk: u for u in User.objects.filter(is_active=True).select_related("team")}
    for record_type in quality.record_types():
        measures = [m for m in quality.measures_for(record_type) if "owner" not in m.criterion_keys()]
        with counting_by_team():
            counts = {f"m{n}": Count("pk", filter=m.link.condition(None)) for n, m in enumerate(measures)}
        model: Any = records.get(record_type).model
        rows = model.objects.filter(owner__isnull=False).order_by().values("owner_id").annotate(**counts)
        for row in rows:
            user = people.get(row["owner_id"])
            if user is None or user.preferences.get(NO_REPORT):
                continue
            profile = profile_for(user)
            if not profile.allows(record_type, Action.VIEW):
                continue
            shown = {m.key for m in quality.measures_for(record_type, profile.hidden_fields(record_type))}
            for number, measure in enumerate(measures):
                if row[f"m{number}"] and measure.key in shown:
                    params = (("owner", str(user.pk)), *measure.params)
                    mend = Mend(measure, row[f"m{number}"], RowsLink(record_type, params))
                    found.setdefault(user.pk, []).append(mend)
    return found


def tell(user: User, mends: list[Mend], day: date) -> bool:
    """Put the report into the person's inbox and send it by mail where they have an address. Returns whether
    a mail went out; telling again in the same week changes nothing and sends nothing."""
    year, week, _weekday = day.isocalendar()
    key = f"quality:{user.pk}:{year}-{week}"
    if Notification.objects.filter(user=user, dedupe_key=key).exists():
        return False
    with translation.override(user.language or settings.LANGUAGE_CODE):
        total = sum(mend.number for mend in mends)
        text = ngettext(
            "%(n)d thing to mend in your contacts and companies",
            "%(n)d things to mend in your contacts and companies",
            total,
        ) % {"n": total}
        url = max(mends, key=lambda mend: mend.number).link.url()
        notify(actor=None, user=user, kind="quality", text=text, url=url, dedupe_key=key)
        return _send(user, text, mends, key)


def _send(user: User, subject: str, mends: list[Mend], key: str) -> bool:
    if not user.email:
        return False
    lines = [
        f"{mend.number} × {records.get(mend.measure.record_type).plural}: {mend.measure.label}\n"
        f"  {_absolute(mend.link.url())}"
        for mend in sorted(mends, key=lambda mend: -mend.number)
    ]
    profile_url = _absolute(reverse("core:profile"))
    stop = _("You get this once a week. Switch it off in your profile: %(url)s") % {"url": profile_url}
    try:
        send_mail(
            subject=subject,
            text="\n\n".join([subject, *lines, stop]) + "\n",
            to=[user.email],
            from_email=settings.DEFAULT_FROM_EMAIL,
            message_id=new_message_id("quality.report"),
            automatic=True,
        )
    except (SMTPException, OSError):  # the inbox has it; next week's report comes anyway
        return False
    return True


def _absolute(path: str) -> str:
    return urljoin(settings.PUBLIC_URL, path)
