"""Where tickets arrive, and how soon they have to be answered."""

from datetime import date, time
from typing import Any, ClassVar
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from core.models import BaseModel
from core.privacy.classes import classify
from core.scope.rules import SharedScope
from service.enums import TicketPriority
from service.sla.clock import BusinessHours

DEFAULT_WEEK = {str(day): [["09:00", "17:00"]] for day in range(5)}


def default_week() -> dict[str, Any]:
    """Monday to Friday, nine to five."""
    return {day: [list(span) for span in spans] for day, spans in DEFAULT_WEEK.items()}


def default_first_response() -> dict[str, int]:
    return {"low": 960, "normal": 480, "high": 240, "urgent": 60}


def default_resolution() -> dict[str, int]:
    return {"low": 4800, "normal": 2400, "high": 960, "urgent": 480}


def check_week(value: Any) -> None:
    """Raises ValidationError unless `value` is a table such as `{"0": [["09:00", "17:00"]]}`."""
    try:
        read_hours(value, "UTC", [])
    except (ValueError, TypeError, AttributeError, KeyError):
        raise ValidationError(
            _("Write opening hours by weekday (0 is Monday), such as {“0”: [[“09:00”, “17:00”]]}.")
        ) from None


def check_minutes(value: Any) -> None:
    """Raises ValidationError unless `value` gives minutes for each priority."""
    fine = isinstance(value, dict) and set(value) == set(TicketPriority.values)
    if not fine or not all(type(n) is int and 0 < n <= 525_600 for n in value.values()):
        raise ValidationError(_("Give minutes from 1 to 525600 for each of low, normal, high and urgent."))


def check_holidays(value: Any) -> None:
    """Raises ValidationError unless `value` is a list of dates such as 2026-12-25."""
    try:
        for day in value:
            date.fromisoformat(day)
    except (ValueError, TypeError):
        raise ValidationError(_("Write holidays as a list of dates, such as [“2026-12-25”].")) from None


def check_zone(value: str) -> None:
    if value not in available_timezones():
        raise ValidationError(_("There is no such time zone; use a name such as Europe/Berlin."))


def read_hours(week: Any, zone: str, holidays: list[str]) -> BusinessHours:
    """The opening hours that a stored table means; an empty table is around the clock."""
    table = tuple(
        tuple((time.fromisoformat(a), _end(b)) for a, b in week.get(str(day), [])) for day in range(7)
    )
    return BusinessHours(zone=zone, week=table, holidays=frozenset(map(date.fromisoformat, holidays)))


def _end(text: str) -> time:
    return time.max if text == "24:00" else time.fromisoformat(text)


class SlaPolicy(BaseModel):
    """Minutes of business time until the first answer and until the solution, by priority."""

    name = models.CharField(_("name"), max_length=80)
    first_response_minutes = models.JSONField(
        _("minutes to the first answer"), default=default_first_response, validators=[check_minutes]
    )
    resolution_minutes = models.JSONField(
        _("minutes to the solution"), default=default_resolution, validators=[check_minutes]
    )
    week = models.JSONField(
        _("opening hours"),
        default=default_week,
        blank=True,
        validators=[check_week],
        help_text=_("By weekday, 0 is Monday; empty means around the clock."),
    )
    holidays = models.JSONField(_("holidays"), default=list, blank=True, validators=[check_holidays])
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC", validators=[check_zone])

    record_type: ClassVar[str] = "sla_policy"
    scope = SharedScope()
    privacy = classify(
        business="name first_response_minutes resolution_minutes", technical="week holidays time_zone"
    )

    class Meta:
        verbose_name = _("service level")
        verbose_name_plural = _("service levels")
        constraints: ClassVar = [
            models.UniqueConstraint(
                Lower("name"),
                name="service_slapolicy_name",
                violation_error_message=_("There is a service level of this name."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def hours(self) -> BusinessHours:
        return read_hours(self.week, self.time_zone, self.holidays)


class Queue(BaseModel):
    """A place where tickets arrive. `mailbox` is what `receive_mail --mailbox` names, `address` what the
    world writes to and what answers come from; `team` is who sees and does the work."""

    name = models.CharField(_("name"), max_length=80)
    mailbox = models.SlugField(_("mailbox"), max_length=60, unique=True)
    address = models.EmailField(_("e-mail address"), max_length=254)
    team = models.ForeignKey(
        "core.Team", verbose_name=_("team"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    policy = models.ForeignKey(
        SlaPolicy,
        verbose_name=_("service level"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="queues",
    )
    is_default = models.BooleanField(_("takes what names no other queue"), default=False)
    on_help_page = models.BooleanField(_("offered on the help page"), default=True)
    confirm_mail = models.BooleanField(
        _("confirm tickets that come by e-mail"),
        default=False,
        help_text=_("Tickets from the help page are always confirmed."),
    )
    signature = models.TextField(_("signature"), blank=True)

    record_type: ClassVar[str] = "queue"
    scope = SharedScope()
    privacy = classify(
        business="name mailbox address signature",
        technical="team policy is_default on_help_page confirm_mail",
    )

    class Meta:
        verbose_name = _("queue")
        verbose_name_plural = _("queues")
        constraints: ClassVar = [
            models.UniqueConstraint(
                Lower("address"),
                name="service_queue_address",
                violation_error_message=_("Another queue has this address."),
            ),
            models.UniqueConstraint(
                fields=["is_default"],
                condition=models.Q(is_default=True),
                name="service_queue_one_default",
                violation_error_message=_("Another queue is the default already."),
            ),
        ]

    def __str__(self) -> str:
        return self.name
