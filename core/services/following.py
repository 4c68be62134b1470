"""Telling the followers of a record what happened with it; each in their own scope, nobody about themselves."""

from collections.abc import Iterable
from functools import partial
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.utils.translation import gettext as _

from core.history.context import current
from core.models import Favourite, User
from core.registries import records
from core.scope.access import profile_for
from core.services.base import service
from core.services.notifications import Words, notify

SILENT = frozenset({"version", "sort_name", "name", "deleted_at", "updated_at"})


def followed(pairs: Iterable[tuple[str, int]]) -> set[tuple[str, int]]:
    """Those of the (record type, id) pairs that somebody follows."""
    by_type: dict[str, set[int]] = {}
    for record_type, pk in pairs:
        by_type.setdefault(record_type, set()).add(pk)
    found: set[tuple[str, int]] = set()
    for record_type, ids in by_type.items():
        rows = Favourite.objects.filter(record_type=record_type, object_id__in=ids, following=True)
        found |= {(record_type, pk) for pk in rows.values_list("object_id", flat=True)}
    return found


@service
def tell_followers(
    *, actor: Any, record_type: str, object_id: int, text: Words, key: str, url: str = ""
) -> int:
    """Put a line into the inbox of everybody who follows the record and may see it, each in their language;
    returns how many were told. `key` makes it once each. Whoever acts is not told."""
    told = 0
    for user, record in _followers(record_type, object_id):
        link = url or records.of(record).url_of(record.pk)
        notify(
            actor=None,
            user=user,
            kind="follow",
            text=partial(_about, record, text),
            record_type=record_type,
            object_id=object_id,
            url=link,
            dedupe_key=f"follow:{key}"[:200],
        )
        told += 1
    return told


@service
def tell_followers_of_change(
    *, actor: Any, record_type: str, object_id: int, fields: list[str], version: int
) -> int:
    """The same for edited fields; each follower is told of those that their role shows."""
    told = 0
    for user, record in _followers(record_type, object_id):
        hidden = profile_for(user).hidden_fields(record_type)
        shown = [name for name in fields if name not in SILENT | hidden]
        if not shown:
            continue
        notify(
            actor=None,
            user=user,
            kind="follow",
            text=partial(_changed, record, shown),
            record_type=record_type,
            object_id=object_id,
            url=records.of(record).url_of(object_id),
            dedupe_key=f"follow:{record_type}:{object_id}:{version}",
        )
        told += 1
    return told


def _about(record: Any, text: Words) -> str:
    return f"{record}: {text() if callable(text) else text}"


def _changed(record: Any, names: list[str]) -> str:
    labels = ", ".join(_label(record, name) for name in names)
    return _("%(record)s: %(fields)s changed") % {"record": record, "fields": labels}


def _followers(record_type: str, object_id: int) -> list[tuple[User, Any]]:
    """Active followers with the record as each of them sees it; not the one who acts."""
    if not records.known(record_type):
        return []
    acting = current()
    marks = Favourite.objects.filter(record_type=record_type, object_id=object_id, following=True)
    people = User.objects.filter(pk__in=marks.values("user"), is_active=True).order_by("pk")
    found = []
    for user in people.exclude(pk=acting.actor_id if acting and acting.actor_id else 0):
        record = records.resolve(record_type, object_id, user)
        if record is not None:
            found.append((user, record))
    return found


def _label(record: Any, name: str) -> str:
    try:
        return str(getattr(record._meta.get_field(name), "verbose_name", name))
    except FieldDoesNotExist:
        return name.replace("_", " ")
