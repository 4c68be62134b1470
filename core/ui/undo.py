"""Undo for ten seconds and an hour: a signed link that names the request whose changes it takes back."""

from typing import Any

from django.core import signing
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from core.events import RecordDeleted, RecordRestored, RecordUndone, publish
from core.history.undo import Undone, undo_changesets
from core.models import Change, ChangeSet
from core.registries import records, undoing
from core.ui.access import SignedInView, safe_next
from core.ui.toasts import done, refused

SALT = "core.ui.undo"
MAX_AGE_SECONDS = 3600
RECENT = 500


def undo_url(request: HttpRequest) -> str:
    """Where to post to take back everything that this request writes."""
    token = signing.dumps([request.user.pk, request.id], salt=SALT)  # type: ignore[attr-defined]
    return reverse("core:undo", args=[token])


class UndoView(SignedInView):
    """Takes back one's own request, where nobody has changed the same since."""

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        target = safe_next(request, "/")
        try:
            user_id, request_id = signing.loads(token, salt=SALT, max_age=MAX_AGE_SECONDS)
        except signing.BadSignature:
            return refused(
                request, target, _("It is too late to undo this here. The history can still restore it.")
            )
        if user_id != request.user.pk:
            return refused(request, target, _("Only the person who did this can undo it here."))
        ids = changesets_of(request.user, request_id)
        if not ids:
            return refused(request, target, _("There is nothing left to undo."))
        with transaction.atomic():
            outcome = undo_changesets(ids, actor=request.user, whole_records=True)
            kept = kept_records(outcome)
            undoing.forget_request(request_id, kept)
            tell_of_undone(ids, kept)
        if outcome.skipped and not (outcome.deleted or outcome.restored or outcome.reinserted):
            return refused(request, target, _("Somebody has changed this since; nothing was undone."))
        return done(request, target, _("Undone"))


def kept_records(outcome: Undone) -> set[tuple[str, int]]:
    """The records (type, id) that undoing left alone."""
    types = {one.model._meta.label: one.key for one in records.all_types()}
    return {(types[row["model"]], row["id"]) for row in outcome.skipped if row["model"] in types}


def tell_of_undone(ids: list[int], kept: set[tuple[str, int]]) -> None:
    """Publish what was taken back, so that what follows a record's changes follows this one too."""
    types = {one.model._meta.label: one.key for one in records.all_types()}
    changes = Change.objects.filter(changeset_id__in=ids, op="U", model__label__in=types).order_by("id")
    for label, pk, before in changes.values_list("model__label", "object_id", "before"):
        key, replaced = types[label], before or {}
        if (key, pk) in kept:
            continue
        if "deleted_at" in replaced:
            event = RecordDeleted if replaced["deleted_at"] else RecordRestored
            publish(event(record_type=key, object_id=pk))
        publish(RecordUndone(record_type=key, object_id=pk))


def changesets_of(user: Any, request_id: str) -> list[int]:
    """The change sets that a recent request of `user` wrote."""
    recent = ChangeSet.objects.filter(actor_id=user.pk).order_by("-id").values_list("id", "request")[:RECENT]
    return [pk for pk, request in recent if request == request_id]
