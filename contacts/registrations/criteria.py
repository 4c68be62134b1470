"""What may be asked of contacts, companies, activities and segments."""

from typing import Any

from django.contrib.postgres.aggregates import StringAgg
from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from contacts.enums import (
    ActivityKind,
    CallOutcome,
    Channel,
    CompanyKind,
    ConsentState,
    LifecycleStage,
    PointKind,
    SegmentKind,
)
from contacts.models import Company, Consent, Contact, ContactPoint
from contacts.purposes import all_purposes
from contacts.registrations.named_codes import country, language
from contacts.selectors.groups import in_segments
from core.conditions.compile import compare_days
from core.conditions.criteria import Criterion, Kind, register
from core.conditions.within import narrow

POINTS = (ContactPoint._meta.db_table,)


def point(party: str, *kinds: str) -> Any:
    """A criterion's `build` over the contact points of some kinds."""

    def build(op: str, value: Any, user: Any) -> Q:
        rows = narrow(ContactPoint.objects.filter(kind__in=kinds, **{f"{party}__isnull": False}), party)
        if op in ("empty", "not_empty"):
            has = Q(pk__in=rows.values(party))
            return ~has if op == "empty" else has
        lookup = {"contains": "contains", "starts": "startswith"}.get(op, "exact")
        match = Q(pk__in=rows.filter(**{f"normalised__{lookup}": value.lower()}).values(party))
        return ~match if op == "is_not" else match

    return build


def tags(model: type[Any]) -> Any:
    """A criterion's `build` over a record's tags."""
    through = model.tags.through
    column = model._meta.model_name

    def build(op: str, value: Any, user: Any) -> Q:
        rows = (
            through.objects.all()
            if op in ("empty", "not_empty")
            else through.objects.filter(tag_id__in=value)
        )
        has = Q(pk__in=narrow(rows, f"{column}_id").values(f"{column}_id"))
        return ~has if op in ("empty", "not_in") else has

    return build


def has_consent(op: str, value: bool, user: Any) -> Q:
    newest = Consent.objects.filter(
        contact=OuterRef("contact"), purpose="marketing", channel="email"
    ).order_by("-at", "-id")
    granted = Consent.objects.filter(pk=Subquery(newest.values("pk")[:1]), state=ConsentState.GRANTED)
    has = Q(pk__in=narrow(granted, "contact_id").values("contact_id"))
    return has if value else ~has


def born(op: str, value: Any, user: Any) -> Q:
    return compare_days("birthday", op, value)


def consent_choices() -> list[tuple[str, str]]:
    """What may be agreed to: each purpose by each channel, as `purpose:channel`."""
    return [
        (f"{purpose.key}:{channel}", f"{purpose.name} · {label}")
        for purpose in all_purposes()
        for channel, label in Channel.choices
    ]


def stands_as(state: str) -> Any:
    """A criterion's `build`: the newest word of the ledger on one of the purposes is `state`."""

    def build(op: str, value: Any, user: Any) -> Q:
        newest = Consent.objects.filter(
            contact=OuterRef("contact"), purpose=OuterRef("purpose"), channel=OuterRef("channel")
        ).order_by("-at", "-id")
        has = Q(pk__in=[])
        for purpose, _colon, channel in (str(item).rpartition(":") for item in value):
            asked = Consent.objects.filter(purpose=purpose, channel=channel, state=state)
            rows = asked.filter(pk=Subquery(newest.values("pk")[:1]))
            has |= Q(pk__in=narrow(rows, "contact_id").values("contact_id"))
        return ~has if op == "not_in" else has

    return build


def listed_points(*kinds: str) -> Any:
    """What a person is reached by, as text."""

    def shows(user: Any) -> Any:
        rows = ContactPoint.objects.filter(contact=OuterRef("pk"), kind__in=kinds).order_by()
        return Subquery(rows.values("contact").annotate(joined=StringAgg("value", ", ")).values("joined"))

    return shows


def listed_tags(user: Any) -> Any:
    rows: QuerySet[Any] = Contact.tags.through.objects.filter(contact=OuterRef("pk")).order_by()
    return Subquery(rows.values("contact").annotate(joined=StringAgg("tag__name", ", ")).values("joined"))


def newest_consent(user: Any) -> Any:
    rows = Consent.objects.filter(contact=OuterRef("pk"), purpose="marketing", channel="email")
    return Subquery(rows.order_by("-at", "-id").values("state")[:1])


OWNERSHIP = (
    Criterion("owner", _("Owner"), Kind.REF, path="owner_id", ref_type="user", field="owner", icon="user"),
    Criterion("team", _("Team"), Kind.REF, path="team_id", ref_type="team", field="team", icon="users"),
    Criterion("created", _("Created"), Kind.DATE, path="created_at", icon="calendar"),
)
PLACE = (
    Criterion("city", _("City"), Kind.TEXT, path="city", icon="map-pin"),
    Criterion("source", _("Source"), Kind.TEXT, path="source", icon="flag"),
    Criterion("last_activity", _("Last activity"), Kind.DATE, path="last_activity_at", icon="clock"),
)

register(
    "contact",
    Criterion("name", _("Name"), Kind.TEXT, path="name", icon="user"),
    Criterion(
        "email",
        _("E-mail"),
        Kind.TEXT,
        build=point("contact_id", PointKind.EMAIL),
        icon="mail",
        moved_by=POINTS,
        shows=listed_points(PointKind.EMAIL),
    ),
    Criterion(
        "phone",
        _("Phone"),
        Kind.TEXT,
        build=point("contact_id", PointKind.PHONE, PointKind.MOBILE),
        icon="phone",
        moved_by=POINTS,
        shows=listed_points(PointKind.PHONE, PointKind.MOBILE),
    ),
    Criterion(
        "company",
        _("Company"),
        Kind.REF,
        path="company_id",
        ref_type="company",
        field="company",
        icon="building",
    ),
    Criterion(
        "lifecycle",
        _("Lifecycle"),
        Kind.CHOICE,
        path="lifecycle_stage",
        choices=lambda: LifecycleStage.choices,
        icon="activity",
    ),
    Criterion("job_title", _("Job title"), Kind.TEXT, path="job_title", icon="briefcase"),
    language(Contact._meta.db_table),
    Criterion(
        "birthday",
        _("Born"),
        Kind.DATE,
        build=born,
        field="birthday",
        icon="calendar",
        operators=("after", "before", "on", "between", "empty", "not_empty"),
        moved_by=(Contact._meta.db_table,),
        shows=lambda user: F("birthday"),
    ),
    Criterion(
        "agreed_to",
        _("Has agreed to"),
        Kind.CHOICE,
        build=stands_as(ConsentState.GRANTED),
        choices=consent_choices,
        operators=("in", "not_in"),
        field="consents",
        icon="shield-check",
        moved_by=(Consent._meta.db_table,),
    ),
    Criterion(
        "withdrawn_from",
        _("Has withdrawn from"),
        Kind.CHOICE,
        build=stands_as(ConsentState.WITHDRAWN),
        choices=consent_choices,
        operators=("in", "not_in"),
        field="consents",
        icon="ban",
        moved_by=(Consent._meta.db_table,),
    ),
    Criterion(
        "tags",
        _("Tags"),
        Kind.REF,
        build=tags(Contact),
        ref_type="tag",
        field="tags",
        icon="tag",
        moved_by=(Contact.tags.through._meta.db_table,),
        shows=listed_tags,
    ),
    Criterion(
        "consent",
        _("May be mailed"),
        Kind.BOOL,
        build=has_consent,
        choices=lambda: ConsentState.choices,
        field="consents",
        icon="shield-check",
        moved_by=(Consent._meta.db_table,),
        shows=newest_consent,
    ),
    Criterion("do_not_contact", _("Do not contact"), Kind.BOOL, path="do_not_contact", icon="ban"),
    Criterion(
        "segment",
        _("Segment"),
        Kind.REF,
        build=in_segments,
        ref_type="segment",
        operators=("in", "not_in"),
        icon="filter",
    ),
    *OWNERSHIP,
    country(Contact._meta.db_table),
    *PLACE,
)
register(
    "company",
    Criterion("name", _("Name"), Kind.TEXT, path="name", icon="building"),
    Criterion(
        "kind", _("Kind"), Kind.CHOICE, path="kind", choices=lambda: CompanyKind.choices, icon="category"
    ),
    Criterion("industry", _("Industry"), Kind.TEXT, path="industry", icon="building-factory"),
    Criterion("employees", _("Employees"), Kind.NUMBER, path="employees", icon="users"),
    Criterion("annual_revenue", _("Annual revenue"), Kind.NUMBER, path="annual_revenue", icon="coins"),
    Criterion(
        "parent",
        _("Parent company"),
        Kind.REF,
        path="parent_id",
        ref_type="company",
        field="parent",
        icon="hierarchy",
    ),
    Criterion("domain", _("Web domain"), Kind.TEXT, path="domain", icon="world"),
    Criterion("tags", _("Tags"), Kind.REF, build=tags(Company), ref_type="tag", field="tags", icon="tag"),
    *OWNERSHIP,
    country(Company._meta.db_table),
    *PLACE,
)
register(
    "activity",
    Criterion(
        "kind", _("Kind"), Kind.CHOICE, path="kind", choices=lambda: ActivityKind.choices, icon="category"
    ),
    Criterion(
        "contact", _("Contact"), Kind.REF, path="contact_id", ref_type="contact", field="contact", icon="user"
    ),
    Criterion(
        "company",
        _("Company"),
        Kind.REF,
        path="company_id",
        ref_type="company",
        field="company",
        icon="building",
    ),
    Criterion(
        "outcome",
        _("Outcome"),
        Kind.CHOICE,
        path="outcome",
        choices=lambda: CallOutcome.choices,
        icon="phone",
    ),
    Criterion("due", _("Due"), Kind.DATE, path="due_at", icon="calendar"),
    Criterion("done", _("Done"), Kind.DATE, path="done_at", icon="check"),
    Criterion("when", _("When"), Kind.DATE, path="occurred_at", icon="clock"),
    *OWNERSHIP,
)
register(
    "segment",
    Criterion("name", _("Name"), Kind.TEXT, path="name", icon="filter"),
    Criterion(
        "kind", _("Kind"), Kind.CHOICE, path="kind", choices=lambda: SegmentKind.choices, icon="category"
    ),
    *OWNERSHIP,
)
register(
    "tag",
    Criterion("name", _("Name"), Kind.TEXT, path="name", icon="tag"),
)
