"""Writing segments: rules that can be used, and the members of fixed ones."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from contacts.enums import SegmentKind
from contacts.models import Contact, Segment, SegmentMember
from contacts.selectors.groups import member_condition, members
from core.conditions.tree import ConditionError, parse
from core.enums import Action
from core.services.base import default_team, require, require_on, save_changes, service

COPY_MEMBERS = """
INSERT INTO contacts_segmentmember (segment_id, contact_id, added_at, created_at, updated_at)
SELECT %s, picked.id, now(), now(), now() FROM ({people}) picked (id)
"""


@service
def create_segment(*, actor: Any, members: Iterable[int] = (), **values: Any) -> Segment:
    """Create a segment; `members` are contact ids for a fixed one. Raises ValidationError by field, NotAllowed."""
    require(actor, "segment", Action.ADD)
    values.setdefault("owner", actor)
    values.setdefault("team", default_team(values["owner"]))
    segment = Segment(**values)
    segment.rule = _checked_rule(segment, actor)
    segment.full_clean()
    segment.save()
    if wanted := list(members):
        add_members(actor=actor, segment=segment, contact_ids=wanted)
    return segment


@service
def update_segment(
    *, actor: Any, segment: Segment, changes: dict[str, Any], expected_version: int | None = None
) -> Segment:
    """Change a segment. Raises ValidationError, StaleRecord, NotAllowed."""
    require_on(actor, segment, Action.CHANGE)
    if "rule" in changes:
        tried = Segment(pk=segment.pk, name=segment.name, kind=changes.get("kind", segment.kind))
        tried.rule = changes["rule"]
        changes = {**changes, "rule": _checked_rule(tried, actor)}
    save_changes(segment, changes, expected_version=expected_version)
    return segment


@service
def add_members(*, actor: Any, segment: Segment, contact_ids: Iterable[int]) -> int:
    """Put people whom the actor may see into a fixed segment; returns how many were new."""
    require_on(actor, segment, Action.CHANGE)
    if segment.kind != SegmentKind.STATIC:
        raise ValidationError(
            _("“%(name)s” follows its rule; nobody can be put into it."), params={"name": segment}
        )
    wanted = list(contact_ids)
    rows = Contact.objects.all() if actor is None else Contact.objects.visible_to(actor)
    known = segment.members.filter(contact_id__in=wanted).values("contact_id")
    ids = list(rows.filter(pk__in=wanted).exclude(pk__in=known).values_list("pk", flat=True))
    SegmentMember.objects.bulk_create(
        [SegmentMember(segment=segment, contact_id=pk) for pk in ids], ignore_conflicts=True, batch_size=1000
    )
    return len(ids)


@service
def remove_members(*, actor: Any, segment: Segment, contact_ids: Iterable[int]) -> int:
    """Take people out of a fixed segment; returns how many were in it."""
    require_on(actor, segment, Action.CHANGE)
    gone, _by_model = segment.members.filter(contact_id__in=list(contact_ids)).delete()
    return gone


@service
def snapshot_segment(*, actor: Any, segment: Segment, name: str = "") -> Segment:
    """A fixed segment of those who are in `segment` now and whom the actor may see. Raises ConditionError,
    ValidationError, NotAllowed."""
    require(actor, "segment", Action.ADD)
    require_on(actor, segment, Action.VIEW)
    day = formats.date_format(timezone.localtime(), "j M Y H:i")
    title = name.strip() or _("%(name)s, %(day)s") % {"name": segment.name[:90], "day": day}
    made = create_segment(
        actor=actor,
        name=title,
        kind=SegmentKind.STATIC,
        description=_("As “%(name)s” was on %(day)s.") % {"name": segment.name, "day": day},
    )
    people = members(segment, actor, fresh=True).order_by().values("pk")
    sql, params = people.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(COPY_MEMBERS.format(people=sql), [made.pk, *params])
    return made


def _checked_rule(segment: Segment, user: Any) -> dict[str, Any]:
    """The rule in its plain form. Raises ValidationError on the field `rule`."""
    if segment.kind == SegmentKind.STATIC:
        return {}
    try:
        node = parse(segment.rule or {"all": []})
        segment.rule = node.to_json()
        member_condition(segment, user)
    except ConditionError as error:
        raise ValidationError({"rule": str(error)}) from error
    rule: dict[str, Any] = segment.rule
    return rule
