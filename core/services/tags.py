"""Tags: created, renamed, coloured, and several made one."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import Model
from django.utils.translation import gettext as _

from core.enums import Action
from core.events import TagsMerged, publish
from core.models import SavedView, Tag
from core.services.base import hold_state, require, service

MOVE = """
INSERT INTO {table} ({record}, {tag})
SELECT DISTINCT t.{record}, %s FROM {table} t WHERE t.{tag} = ANY(%s)
    AND NOT EXISTS (SELECT 1 FROM {table} k WHERE k.{record} = t.{record} AND k.{tag} = %s)
"""
ASKING = ("tags", "tag")
"""What the filters are called that ask for tags."""
REMOVE = "DELETE FROM {table} WHERE {tag} = ANY(%s)"


@service
def create_tag(*, actor: Any, name: str, colour: int = 7) -> Tag:
    """A new tag. Raises ValidationError for an empty name or one that is there, NotAllowed."""
    require(actor, "tag", Action.ADD)
    return _saved(Tag(), name, colour)


@service
def update_tag(*, actor: Any, tag: Tag, name: str, colour: int, expected_version: int | None = None) -> Tag:
    """Rename or recolour a tag, everywhere at once. Raises ValidationError, StaleRecord, NotAllowed."""
    require(actor, "tag", Action.CHANGE)
    hold_state(tag, expected_version)
    return _saved(tag, name, colour)


@service
def merge_tags(*, actor: Any, tags: list[Tag], into: Tag) -> int:
    """Make several tags one: whatever carries one of them carries `into`, and what asked for one asks for
    `into` (`TagsMerged` tells the apps). Returns how many tags went. Raises NotAllowed."""
    require(actor, "tag", Action.CHANGE)
    require(actor, "tag", Action.DELETE)
    gone = sorted({tag.pk for tag in tags} - {into.pk})
    if not gone:
        return 0
    for through in tag_tables():
        _move(through, gone, into.pk)
    _rewrite_views(gone, into.pk)
    publish(TagsMerged(tag_ids=gone, into_id=into.pk))
    Tag.objects.filter(pk__in=gone).delete()
    return len(gone)


@service
def delete_tag(*, actor: Any, tag: Tag, expected_version: int | None = None) -> None:
    """Take a tag off everything and away. Raises StaleRecord, NotAllowed."""
    require(actor, "tag", Action.DELETE)
    hold_state(tag, expected_version)
    for through in tag_tables():
        through._default_manager.filter(tag=tag.pk).delete()
    tag.delete()


def tag_tables() -> list[type[Model]]:
    """The tables that put tags on records, of every app."""
    related: Any = Tag._meta.related_objects
    return [field.field.remote_field.through for field in related if field.many_to_many]


def _saved(tag: Tag, name: str, colour: int) -> Tag:
    tag.name, tag.colour = " ".join(name.split()), colour
    if not tag.name:
        raise ValidationError({"name": _("Type a name.")})
    if not 1 <= colour <= 8:
        raise ValidationError({"colour": _("Choose one of the colours.")})
    tag.full_clean()
    tag.save()
    return tag


def _move(through: type[Model], gone: list[int], into: int) -> None:
    quote = connection.ops.quote_name
    fields = {field.related_model: field.column for field in through._meta.fields if field.is_relation}
    tag = fields.pop(Tag)
    names = {
        "table": quote(through._meta.db_table),
        "record": quote(str(next(iter(fields.values())))),
        "tag": quote(str(tag)),
    }
    with connection.cursor() as cursor:
        cursor.execute(MOVE.format(**names), [into, gone, into])
        cursor.execute(REMOVE.format(**names), [gone])


def _rewrite_views(gone: list[int], into: int) -> None:
    """Saved views that filter by a tag that went filter by the one that stays."""
    from django.http import QueryDict

    texts = {str(pk) for pk in gone}
    for view in SavedView.objects.filter(query__contains="tag"):
        params = QueryDict(view.query, mutable=True)
        for key in [key for key in params if key.split("__")[0] in ASKING]:
            ids = [str(into) if pk in texts else pk for pk in str(params[key]).split(",")]
            params[key] = ",".join(dict.fromkeys(ids))
        query = params.urlencode(safe=",")
        if query != view.query:
            view.query = query
            view.save(update_fields=["query", "updated_at"])
