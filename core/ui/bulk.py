"""Bulk actions: something done to the selected rows, or to everything that the list's filters select.

Up to 100 rows are done at once; more become a job with progress, after the person typed the number. Both can be
undone: the first from the toast, the job from its page.
"""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.enums import Action
from core.history.context import BULK_REQUEST, acting
from core.history.undo import Undone, undo_changesets
from core.jobs.kinds import job_kind
from core.jobs.running import JobFailed, JobRun
from core.models import ChangeSet, Job, User
from core.registries import columns, records, undoing
from core.registries.columns import BulkAction
from core.registries.records import RecordType
from core.scope.access import profile_for
from core.services.base import StaleRecord
from core.services.jobs import enqueue_job
from core.ui.access import is_fragment
from core.ui.list_query import ListQuery
from core.ui.toasts import done, say
from core.ui.undo import kept_records, tell_of_undone, undo_url

AT_ONCE = 100
ATTEMPTS = 4


def answer(
    request: HttpRequest, query: ListQuery, record_type: RecordType, actions: list[BulkAction]
) -> HttpResponse:
    """Carry out what was asked, or ask for what is missing."""
    action = next((one for one in actions if one.key == request.POST.get("action")), None)
    if action is None:
        raise PermissionDenied(_("Your role does not allow this."))
    rows = selected(query, action, request.POST)
    count = rows.count()
    if count == 0:
        return done(request, query.query(), _("Nothing was selected that you may change."))
    if action.page is not None:
        ids = list(rows.order_by("pk").values_list("pk", flat=True)[: action.most + 1])
        return done(request, action.page(ids))
    form_class = action.form(request.user) if action.form else None
    confirmed = "confirmed" in request.POST
    form = form_class(request.POST if confirmed else None) if form_class else None
    needs_number = count > AT_ONCE
    number_right = request.POST.get("number", "").replace(",", "").replace(".", "").strip() == str(count)
    ready = (form is None or (confirmed and form.is_valid())) and (not needs_number or number_right)
    if not ready:
        wrong = confirmed and needs_number and not number_right
        return _ask(request, action, form, count, number_wrong=wrong, status=422 if confirmed else 200)
    data = _plain(form)
    if needs_number:
        return _as_job(request, query, record_type, action, data)
    try:
        changed = _carry_out(action, request.user, rows, form.cleaned_data if form else {})
    except ValidationError as error:
        why = " ".join(error.messages)
        if form is not None:
            form.add_error(None, why)
            return _ask(request, action, form, count, status=422)
        say(request, why, tone="error")
        return done(request, query.query())
    text = ngettext("%(n)d record changed", "%(n)d records changed", changed) % {"n": changed}
    return done(request, query.query(), text, undo_url=undo_url(request))


def _ask(
    request: HttpRequest,
    action: BulkAction,
    form: Any,
    count: int,
    *,
    number_wrong: bool = False,
    status: int = 200,
) -> HttpResponse:
    """What is still to be said: the action's own fields, and the number of rows where they are many."""
    context = {
        "action": action,
        "form": form,
        "count": count,
        "needs_number": count > AT_ONCE,
        "number_wrong": number_wrong,
        "ids": request.POST.getlist("ids"),
        "everything": request.POST.get("everything", ""),
        "url": request.get_full_path(),
        "title": action.label,
    }
    template = "ui/_bulk_dialog.html" if is_fragment(request) else "ui/bulk.html"
    return render(request, template, context, status=status)


def _carry_out(action: BulkAction, actor: Any, rows: QuerySet[Any], data: dict[str, Any]) -> int:
    """Do it with all of the rows or none; begun anew where somebody has saved one of them in between. Raises
    ValidationError, StaleRecord where that goes on."""
    for _attempt in range(ATTEMPTS - 1):
        with suppress(StaleRecord), transaction.atomic():
            return action.run(actor=actor, queryset=rows.all(), data=data)
    with transaction.atomic():
        return action.run(actor=actor, queryset=rows.all(), data=data)


def selected(query: ListQuery, action: BulkAction, data: Any) -> QuerySet[Any]:
    """The rows chosen by id, or all of the list; always only those that may be treated so."""
    rows = query.filtered(Action(action.action))
    if data.get("everything"):
        return rows
    ids = [int(value) for value in data.getlist("ids") if value.isascii() and value.isdigit()][:1000]
    return rows.filter(pk__in=ids)


def _plain(form: Any) -> dict[str, Any]:
    """The form's raw data, which a job can keep and clean again."""
    return {name: form.data.getlist(name) for name in form.fields} if form is not None else {}


def _as_job(
    request: HttpRequest, query: ListQuery, record_type: RecordType, action: BulkAction, data: dict[str, Any]
) -> HttpResponse:
    params = {
        "record_type": record_type.key,
        "action": action.key,
        "query": query.params.urlencode(),
        "ids": request.POST.getlist("ids"),
        "everything": request.POST.get("everything", ""),
        "data": data,
    }
    job = enqueue_job(actor=request.user, kind="bulk", params=params)
    return done(request, reverse("core:job", args=[job.pk]))


def _called(params: Mapping[str, Any]) -> str:
    """The action by its label, and of what: “Owner (Contacts)”. Raises KeyError where it is no longer there."""
    record_type = params["record_type"]
    known = {one.key: one.label for one in columns.actions_for(record_type)}
    return f"{known[params['action']]} ({records.get(record_type).plural})"


@job_kind("bulk", title=_called, undone_by="bulk.undo", undo_knows=("record_type", "action"))
def run_bulk(run: JobRun) -> None:
    """The same for many rows: in slices of 500 by id, each with its checkpoint in its transaction."""
    from core.ui.lists import page_for

    params = run.params
    page, user = page_for(params["record_type"]), run.job.owner
    actions = {one.key: one for one in columns.actions_for(params["record_type"])}
    action = actions.get(params["action"])
    if page is None or action is None or not isinstance(user, User):
        raise JobFailed(gettext_lazy("This action is no longer there."))
    if not action.allowed(params["record_type"], profile_for(user)):
        raise JobFailed(gettext_lazy("Your role does not allow this."))
    chosen = QueryDict(mutable=True)
    chosen.setlist("ids", params["ids"])
    chosen["everything"] = params["everything"]
    query = ListQuery(page, user, QueryDict(params["query"]))
    rows = selected(query, action, chosen).order_by("pk")
    total, finished = run.checkpoint.get("total") or rows.count(), run.checkpoint.get("done", 0)
    seen = run.checkpoint.get("seen", finished)
    while True:
        ids = list(rows.filter(pk__gt=run.checkpoint.get("after", 0)).values_list("pk", flat=True)[:500])
        if not ids:
            break
        data = _cleaned(action, user, params["data"])
        try:
            with acting(user, request_id=request_of(run.job.pk)), transaction.atomic():
                slice_ = page.rows(user, Action(action.action)).filter(pk__in=ids)
                finished += _carry_out(action, user, slice_, data)
                seen += len(ids)
                run.save_checkpoint(after=ids[-1], done=finished, seen=seen, total=total)
        except ValidationError as error:
            raise JobFailed(error) from error
        run.progress(seen, max(total, seen))
    run.finish_with(changed=finished)


def request_of(job_id: int) -> str:
    """What the lines that a bulk job writes where there is no history are known by, as a page's by its request."""
    return f"{BULK_REQUEST}{job_id}"


@job_kind("bulk.undo", title=lambda params: _("Undo: %(title)s") % {"title": _called(params)})
def undo_bulk(run: JobRun) -> None:
    """Take back what the bulk job `params["job"]` wrote, where nobody has changed the same since, in one
    transaction; a killed run left nothing and starts over."""
    number = run.params["job"]
    ids = list(ChangeSet.objects.filter(cause=f"job:{number}").order_by("pk").values_list("pk", flat=True))
    with transaction.atomic():
        outcome = undo_changesets(ids, actor=run.job.owner_id, cause=f"undo:{number}", whole_records=True)
        kept = kept_records(outcome)
        undoing.forget_request(request_of(number), kept)
        tell_of_undone(ids, kept)
        run.save_checkpoint(done=True)
    began = Job.objects.get(pk=number)
    run.finish_with(**_records_in(outcome, began.params["record_type"]))


def _records_in(outcome: Undone, record_type: str) -> dict[str, int]:
    """How many of the records that the job changed went back, and how many were left alone; where only what hangs on
    them was written (tags), how many of those rows."""
    label = records.get(record_type).model._meta.label
    back = {*outcome.restored_ids.get(label, ()), *outcome.deleted_ids.get(label, ())}
    kept = {row["id"] for row in outcome.skipped if row["model"] == label}
    if back or kept:
        return {"undone": len(back - kept), "kept": len(kept)}
    return {"undone": outcome.deleted + outcome.restored + outcome.reinserted, "kept": len(outcome.skipped)}


def _cleaned(action: BulkAction, user: Any, data: dict[str, list[str]]) -> dict[str, Any]:
    if action.form is None:
        return {}
    raw = QueryDict(mutable=True)
    for name, values in data.items():
        raw.setlist(name, values)
    form = action.form(user)(raw)
    if not form.is_valid():
        wrong = [error for errors in form.errors.as_data().values() for error in errors]
        raise JobFailed(
            gettext_lazy("What was chosen is no longer possible: %(why)s"), why=ValidationError(wrong)
        )
    cleaned: dict[str, Any] = form.cleaned_data
    return cleaned
