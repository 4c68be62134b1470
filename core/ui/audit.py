"""The audit page: every change set, who, when, why, and what it changed."""

from collections import defaultdict
from typing import Any
from urllib.parse import parse_qsl

from django.apps import apps
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from core.history.selectors import changesets
from core.models import Change, ExportEntry, User
from core.registries import records
from core.ui.access import SignedInView
from core.ui.history_pages import cause_words

LIST_WORDS = ("format", "sort", "columns", "view", "cursor", "show")
PAGE = 50
CHANGES_SHOWN = 8


class AuditView(SignedInView):
    """Change sets, newest first, by person and cause; keyset paging by id. Field values are not shown here:
    they stand in each record's own history, in its scope."""

    capability = "see_audit"

    def get(self, request: HttpRequest) -> HttpResponse:
        actor, cause = _number(request.GET.get("actor")), request.GET.get("cause", "")[:60]
        rows = list(
            changesets(actor_id=actor, cause=cause, before_id=_number(request.GET.get("before")))[: PAGE + 1]
        )
        page, more = rows[:PAGE], len(rows) > PAGE
        people = User.objects.in_bulk({row.actor_id for row in page if row.actor_id})
        changed = summaries([row.pk for row in page])
        taken = {
            one.changeset: one for one in ExportEntry.objects.filter(changeset__in=[row.pk for row in page])
        }
        shown = [
            (
                row,
                people.get(row.actor_id),
                cause_words(row.cause),
                changed[row.pk],
                _taken(taken.get(row.pk)),
            )
            for row in page
            if changed[row.pk] or row.cause.startswith("export:")
        ]
        context = {
            "title": _("Audit"),
            "page_icon": "history",
            "rows": shown,
            "next_before": page[-1].pk if more else None,
            "people": User.objects.filter(is_active=True).order_by("name")[:500],
            "actor": actor,
            "cause": cause,
        }
        return render(request, "ui/audit.html", context)


def _taken(entry: ExportEntry | None) -> dict[str, Any] | None:
    """What an export took, for the page."""
    if entry is None:
        return None
    return {
        "rows": entry.rows,
        "format": entry.file_format.upper(),
        "columns": ", ".join(entry.columns),
        "filters": ", ".join(
            f"{name}: {value}" for name, value in parse_qsl(entry.query) if name not in LIST_WORDS
        ),
    }


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else None


def summaries(ids: list[int]) -> dict[int, list[dict[str, Any]]]:
    """For each change set the tables it touched, with counts and the first records. One query."""
    found: dict[int, dict[tuple[str, str], dict[str, Any]]] = defaultdict(dict)
    changes = Change.objects.filter(changeset_id__in=ids).order_by("id")
    for set_id, label, op, object_id in changes.values_list(
        "changeset_id", "model__label", "op", "object_id"
    )[:5000]:
        entry = found[set_id].setdefault(
            (label, op), {"what": _name(label), "op": Change.OPERATIONS.get(op, op), "n": 0, "records": []}
        )
        entry["n"] += 1
        if len(entry["records"]) < CHANGES_SHOWN:
            entry["records"].append((object_id, _url(label, object_id)))
    return defaultdict(list, {pk: list(entries.values()) for pk, entries in found.items()})


def _name(label: str) -> str:
    try:
        return str(apps.get_model(label)._meta.verbose_name)
    except LookupError:
        return label


def _url(label: str, object_id: int) -> str:
    for record_type in records.all_types():
        if record_type.model._meta.label == label:
            return record_type.url_of(object_id)
    return ""
