"""Writing segments."""

from typing import Any

from django.core.exceptions import ValidationError

from contacts.models import Segment
from core.conditions.compile import compile_tree
from core.conditions.tree import ConditionError, parse
from core.enums import Action
from core.services.base import default_team, require, require_on, save_changes, service


def check_rule(rule: Any, user: Any) -> dict[str, Any]:
    """The rule, if it can be used by `user`. Raises ValidationError on the field `rule`."""
    try:
        node = parse(rule or {"all": []})
        compile_tree(node, "contact", user)
    except ConditionError as error:
        raise ValidationError({"rule": str(error)}) from error
    return node.to_json()


@service
def create_segment(*, actor: Any, **values: Any) -> Segment:
    """Create a segment. Raises ValidationError by field, NotAllowed."""
    require(actor, "segment", Action.ADD)
    values.setdefault("owner", actor)
    values.setdefault("team", default_team(values["owner"]))
    values["rule"] = check_rule(values.get("rule"), actor)
    segment = Segment(**values)
    segment.full_clean()
    segment.save()
    return segment


@service
def update_segment(
    *, actor: Any, segment: Segment, changes: dict[str, Any], expected_version: int | None = None
) -> Segment:
    """Change a segment. Raises ValidationError, StaleRecord, NotAllowed."""
    require_on(actor, segment, Action.CHANGE)
    if "rule" in changes:
        changes = {**changes, "rule": check_rule(changes["rule"], actor)}
    save_changes(segment, changes, expected_version=expected_version)
    return segment
