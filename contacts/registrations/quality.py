"""Data quality: the criteria of flaws, the measures, who may see them, and where they are found."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from contacts.models import Company, CompanyDuplicate, Contact, ContactDuplicate, ContactPoint
from contacts.quality import criteria as flaws
from core.conditions import criteria
from core.conditions.criteria import Criterion, Kind
from core.registries import grants, navigation, quality
from core.registries.grants import A, N
from core.registries.navigation import NavEntry
from core.registries.quality import Dimension, Measure

GROUP = _("Data quality")
STALE_DAYS = 365
grants.register("quality", _("Data quality"), manager=(A, A, N, N, N), analyst=(A, N, N, N, N))


POINTS: dict[str, Any] = {"field": "points", "moved_by": (ContactPoint._meta.db_table,)}


def _flaw(key: str, label: object, build: flaws.Build, icon: str, **more: Any) -> Criterion:
    return Criterion(key, label, Kind.BOOL, build=build, group=GROUP, icon=icon, **more)  # type: ignore[arg-type]


for _type, _model, _pairs in (
    ("contact", Contact, ContactDuplicate), ("company", Company, CompanyDuplicate)
):  # fmt: skip
    criteria.register(
        _type,
        _flaw(
            "mail_wrong",
            _("Has a wrong e-mail address"),
            flaws.flag(flaws.wrong_mail(_type)),
            "mail-x",
            **POINTS,
        ),
        _flaw(
            "mail_bounced", _("Mail came back"), flaws.flag(flaws.bounced_mail(_type)), "mail-off", **POINTS
        ),
        _flaw(
            "phone_wrong", _("Has a wrong number"), flaws.flag(flaws.wrong_phone(_type)), "phone", **POINTS
        ),
        _flaw(
            "country_wrong",
            _("Country is not known"),
            flaws.flag(flaws.unknown_country),
            "map-pin",
            field="country",
            moved_by=(_model._meta.db_table,),
        ),
        _flaw(
            "possible_duplicate",
            _("May be here twice"),
            flaws.possible_duplicate(_type),
            "users",
            field="pk",
            moved_by=(_model._meta.db_table, _pairs._meta.db_table),
            reads=(_type,),
        ),
    )
criteria.register(
    "contact",
    _flaw(
        "birthday_wrong",
        _("Birthday can't be"),
        flaws.flag(flaws.wrong_birthday),
        "calendar",
        field="birthday",
        moved_by=(Contact._meta.db_table,),
        turns=flaws.birthday_comes,
    ),
)
criteria.register(
    "company",
    _flaw(
        "founded_wrong",
        _("Founding can't be"),
        flaws.flag(flaws.wrong_founding),
        "calendar",
        field="founded_year",
    ),
)


def _empty(record_type: str, order: int, label: object, key: str, target: int) -> Measure:
    params = ((f"{key}__empty", "1"),)
    return Measure(f"no_{key}", record_type, label, Dimension.COMPLETENESS, params, target, order)  # type: ignore[arg-type]


def _wrong(record_type: str, order: int, label: object, key: str, target: int = 98) -> Measure:
    return Measure(key, record_type, label, Dimension.VALIDITY, ((key, "true"),), target, order)  # type: ignore[arg-type]


def _stale(record_type: str) -> Measure:
    label = _("No activity for a year")
    params = (("last_activity__not_in_last", str(STALE_DAYS)),)
    return Measure("stale", record_type, label, Dimension.STALENESS, params, 70, 70)


def _twice(record_type: str) -> Measure:
    params = (("possible_duplicate", "true"),)
    return Measure("twice", record_type, _("May be here twice"), Dimension.DUPLICATES, params, 98, 80)


quality.register(
    _empty("contact", 10, _("No e-mail address"), "email", 95),
    _empty("contact", 11, _("No phone"), "phone", 80),
    _empty("contact", 12, _("No company"), "company", 70),
    _empty("contact", 13, _("No job title"), "job_title", 70),
    _empty("contact", 14, _("No country"), "country", 90),
    _empty("contact", 15, _("Nobody looks after them"), "owner", 95),
    _wrong("contact", 40, _("Wrong e-mail address"), "mail_wrong"),
    _wrong("contact", 41, _("Mail came back"), "mail_bounced"),
    _wrong("contact", 42, _("Wrong number"), "phone_wrong"),
    _wrong("contact", 43, _("Unknown country"), "country_wrong"),
    _wrong("contact", 44, _("Impossible birthday"), "birthday_wrong"),
    _stale("contact"),
    _twice("contact"),
    _empty("company", 10, _("No web domain"), "domain", 90),
    _empty("company", 11, _("No industry"), "industry", 90),
    _empty("company", 12, _("No number of employees"), "employees", 70),
    _empty("company", 13, _("No country"), "country", 90),
    _empty("company", 14, _("Nobody looks after them"), "owner", 95),
    _wrong("company", 40, _("Wrong e-mail address"), "mail_wrong"),
    _wrong("company", 41, _("Mail came back"), "mail_bounced"),
    _wrong("company", 42, _("Wrong number"), "phone_wrong"),
    _wrong("company", 43, _("Unknown country"), "country_wrong"),
    _wrong("company", 44, _("Impossible founding year"), "founded_wrong"),
    _stale("company"),
    _twice("company"),
)
navigation.register(
    NavEntry(
        "quality",
        _("Data quality"),
        icon="checkup-list",
        url_name="contacts:quality",
        section="tools",
        order=55,
        allowed=lambda profile: profile.allows("quality", "view"),
        shortcut="g q",
    )
)
