"""What asks for tags follows them when they are merged."""

from typing import Any

from contacts.models import LifecycleRule, Segment
from core.services.base import save_changes, service
from core.services.tags import ASKING


@service
def follow_merged_tags(*, actor: Any, tag_ids: list[int], into_id: int) -> int:
    """Let conditions of segments and lifecycle rules ask for `into_id` instead of `tag_ids`; returns how
    many were rewritten."""
    gone, count = set(tag_ids), 0
    for model in (Segment, LifecycleRule):
        for record in model.all_objects.exclude(rule={}).iterator(chunk_size=200):
            rule = rewritten(record.rule, gone, into_id)
            if rule != record.rule:
                save_changes(record, {"rule": rule})
                count += 1
    return count


def rewritten(node: Any, gone: set[int], into: int) -> Any:
    """The condition with the ids of tags that went replaced."""
    if isinstance(node, list):
        return [rewritten(child, gone, into) for child in node]
    if not isinstance(node, dict):
        return node
    if node.get("field") in ASKING and isinstance(node.get("value"), list):
        ids = [into if str(pk).isdigit() and int(pk) in gone else pk for pk in node["value"]]
        return {**node, "value": list(dict.fromkeys(ids))}
    return {key: rewritten(value, gone, into) for key, value in node.items()}
