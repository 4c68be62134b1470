"""What hangs on a contact and moves it between segments: tables of this app, and the counts over them."""

from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, Subquery, Sum
from django.utils.translation import gettext_lazy as _

from contacts.enums import ActivityKind, CallOutcome
from contacts.models import (
    Activity,
    Address,
    Affiliation,
    Company,
    Consent,
    Contact,
    ContactDuplicate,
    ContactPoint,
    CustomerMetric,
    Relationship,
    RelationshipKind,
    SegmentBacklog,
    SegmentBaseline,
    SegmentMember,
    SegmentPassage,
    SegmentState,
    SegmentTouch,
)
from contacts.registrations.named_codes import BY_COUNTRY, coded
from core.conditions.compile import compare
from core.conditions.criteria import Criterion, Kind, register
from core.conditions.figures import Collection, Measure, register_collection
from core.conditions.moment import current_moment
from core.conditions.sources import Source, register_sources
from core.registries import relinkers


def _own_column(model: Any) -> Source:
    return Source(model._meta.db_table, "SELECT contact_id FROM {rows}")


# whom a person stands in a relationship to, or may be the same as, is moved by what becomes of that person
OTHER_ENDS = """
SELECT id FROM {rows}
UNION SELECT r.other_id FROM contacts_relationship r JOIN {rows} x ON x.id = r.contact_id
UNION SELECT r.contact_id FROM contacts_relationship r JOIN {rows} x ON x.id = r.other_id
UNION SELECT d.b_id FROM contacts_contactduplicate d JOIN {rows} x ON x.id = d.a_id
UNION SELECT d.a_id FROM contacts_contactduplicate d JOIN {rows} x ON x.id = d.b_id"""
OF_KIND = """
SELECT r.contact_id FROM contacts_relationship r JOIN {rows} k ON k.id = r.kind_id
UNION SELECT r.other_id FROM contacts_relationship r JOIN {rows} k ON k.id = r.kind_id"""
# a company that moves takes along everybody below it
OF_COMPANY = """
WITH RECURSIVE below (id) AS (
    SELECT id FROM {rows} UNION SELECT c.id FROM contacts_company c JOIN below b ON c.parent_id = b.id
)
SELECT c.id FROM contacts_contact c JOIN below b ON b.id = c.company_id
UNION SELECT a.contact_id FROM contacts_affiliation a JOIN below b ON b.id = a.company_id"""

register_sources(
    "contact",
    Source(Contact._meta.db_table, OTHER_ENDS, inserted="SELECT id FROM {rows}"),
    Source(Company._meta.db_table, OF_COMPANY, inserted=""),  # nobody belongs to it yet
    Source(ContactDuplicate._meta.db_table, "SELECT a_id FROM {rows} UNION ALL SELECT b_id FROM {rows}"),
    Source(
        Relationship._meta.db_table, "SELECT contact_id FROM {rows} UNION ALL SELECT other_id FROM {rows}"
    ),
    Source(RelationshipKind._meta.db_table, OF_KIND),
    _own_column(Contact.tags.through),
    *[
        _own_column(model)
        for model in (ContactPoint, Address, Affiliation, Consent, Activity, CustomerMetric, SegmentMember)
    ],
)


def _activities(user: Any) -> Any:
    return Activity.objects.all() if user is None else Activity.objects.visible_to(user)


def _affiliations(user: Any) -> Any:
    return Affiliation.objects.all() if user is None else Affiliation.objects.visible_to(user)


register_collection(
    "contact",
    Collection(
        "activities",
        _activities,
        "contact_id",
        (
            Measure("count", _("Activities: number"), lambda only: Count("pk", filter=only)),
            Measure("minutes", _("Activities: minutes"), lambda only: Sum("duration_minutes", filter=only)),
        ),
        moved_by=(Activity._meta.db_table,),
        at="occurred_at",
        narrow=(
            Criterion("kind", _("Kind"), Kind.CHOICE, path="kind", choices=lambda: ActivityKind.choices),
            Criterion(
                "outcome", _("Outcome"), Kind.CHOICE, path="outcome", choices=lambda: CallOutcome.choices
            ),
            Criterion(
                "direction",
                _("Direction"),
                Kind.CHOICE,
                path="direction",
                choices=lambda: (("in", _("Incoming")), ("out", _("Outgoing"))),
            ),
            Criterion("owner", _("Who"), Kind.REF, path="owner_id", ref_type="user", field="owner"),
            Criterion(
                "done", _("Is done"), Kind.BOOL, build=lambda op, value, user: Q(done_at__isnull=not value)
            ),
        ),
        reads=("activity",),
        group=_("Counts and sums"),
        icon="activity",
    ),
)
register_collection(
    "contact",
    Collection(
        "affiliations",
        _affiliations,
        "contact_id",
        (Measure("count", _("Companies they belong to: number"), lambda only: Count("pk", filter=only)),),
        moved_by=(Affiliation._meta.db_table,),
        narrow=(
            Criterion("company", _("Company"), Kind.REF, path="company_id", ref_type="company"),
            Criterion("title", _("Title"), Kind.TEXT, path="title"),
            Criterion("role", _("Buying role"), Kind.TEXT, path="role"),
            Criterion("primary", _("Is primary"), Kind.BOOL, path="is_primary"),
            Criterion(
                "ended",
                _("Has ended"),
                Kind.BOOL,
                build=lambda op, value, user: Q(valid_to__isnull=not value),
            ),
        ),
        reads=("affiliation",),
        group=_("Counts and sums"),
        icon="hierarchy",
        field="company",
    ),
)


def _of_company(key: str, label: Any, kind: Kind, field: str, match: Any = None, **more: Any) -> Criterion:
    """A question about the company that a person belongs to, as far as the asker may see it."""

    def build(op: str, value: Any, user: Any) -> Q:
        # who has no company has none of this kind either
        opposite = {"empty": "not_empty", "is_not": "is", "not_in": "in"}.get(op)
        asked = (
            compare(kind, field, opposite or op, value, current_moment())
            if match is None
            else match(opposite or op, value, user)
        )
        has = Q(Exists(own(user).filter(asked)))
        return ~has if opposite else has

    def own(user: Any) -> Any:
        seen = Company.objects.all() if user is None else Company.objects.visible_to(user)
        return seen.filter(pk=OuterRef("company_id")).order_by()

    def shows(user: Any) -> Any:
        return Subquery(own(user).values(field)[:1])

    return Criterion(
        key,
        label,
        kind,
        build=build,
        shows=shows,
        moved_by=(Contact._meta.db_table, Company._meta.db_table),
        reads=("company",),
        discloses=(("company", field),),
        group=_("Their company"),
        icon="building",
        field="company",
        listed=False,
        **more,
    )


register(
    "contact",
    _of_company("company_industry", _("Company: industry"), Kind.TEXT, "industry"),
    _of_company("company_employees", _("Company: employees"), Kind.NUMBER, "employees"),
    _of_company("company_revenue", _("Company: annual revenue"), Kind.NUMBER, "annual_revenue"),
    _of_company(
        "company_country", _("Company: country"), Kind.CHOICE, "country", match=coded("country"), **BY_COUNTRY
    ),
)
WORKED_OUT = "worked out from other rows, which follow the merge and touch both"
relinkers.leave(SegmentState, "contact", WORKED_OUT)
relinkers.leave(SegmentTouch, "contact", WORKED_OUT)
relinkers.leave(SegmentBacklog, "contact", WORKED_OUT)
relinkers.leave(SegmentPassage, "contact", "who the merged record was when it entered or left")
relinkers.leave(SegmentBaseline, "first_id", "the beginning of a range of ids")
relinkers.leave(SegmentBaseline, "last_id", "the end of a range of ids")
