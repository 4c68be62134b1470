"""The jobs of standardising. Each chunk commits together with the place where a successor goes on."""

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from contacts.enums import StandardState
from contacts.models import StandardChange, StandardisingRun
from contacts.services.points import default_country
from contacts.standardising.applying import APPLIED, CHANGED, CLASH, apply_changes
from contacts.standardising.finding import changes_in, sources_of
from contacts.standardising.rules import BY_KEY
from core.history.undo import undo_changesets
from core.jobs.kinds import job_kind
from core.jobs.running import JobRun
from core.models import ChangeSet, Job

MOST = 100_000
"""Changes of one run; more are found by the next, after these were applied."""
AT_ONCE = 500


def _page(job: Job) -> str:
    return reverse("contacts:standardising", args=[job.params["run"]])


@job_kind("contacts.find_standards", title=_("Searching for values to standardise"), url_for=_page)
def find_standards(run: JobRun) -> None:
    """Write down every value that a rule would change."""
    standardising = StandardisingRun.objects.select_related("owner").get(pk=run.params["run"])
    if standardising.state != StandardState.FINDING:
        return
    sources = sources_of([BY_KEY[key] for key in standardising.rules], standardising.owner)
    country = default_country()
    total = sum(source.rows(standardising.owner).order_by().count() for source in sources)
    read, found = run.checkpoint.get("read", 0), run.checkpoint.get("found", 0)
    for number, source in enumerate(sources):
        if number < run.checkpoint.get("source", 0) or found >= MOST:
            continue
        after = run.checkpoint.get("after", 0) if number == run.checkpoint.get("source", 0) else 0
        chunks = changes_in(source, standardising.owner, after_pk=after, default_country=country)
        for last, count, changes in chunks:
            with transaction.atomic():
                for change in changes:
                    change.run = standardising
                StandardChange.objects.bulk_create(changes[: MOST - found], batch_size=1000)
                read, found = read + count, min(found + len(changes), MOST)
                run.save_checkpoint(source=number, after=last, read=read, found=found)
            run.progress(read, total)
            if found >= MOST:
                break
    with transaction.atomic():
        StandardisingRun.objects.filter(pk=standardising.pk).update(
            state=StandardState.FOUND, found=found, capped=found >= MOST
        )
        run.save_checkpoint(done=True)
    run.finish_with(read=read, found=found)


@job_kind("contacts.apply_standards", title=_("Standardising values"), url_for=_page)
def apply_standards(run: JobRun) -> None:
    """Write the chosen values, five hundred at a time."""
    standardising = StandardisingRun.objects.select_related("owner").get(pk=run.params["run"])
    if standardising.state != StandardState.APPLYING:
        return
    waiting = StandardChange.objects.filter(run=standardising, chosen=True, outcome="").order_by("pk")
    done = StandardChange.objects.filter(run=standardising).exclude(outcome="").count()
    total = done + waiting.count()
    while changes := list(waiting[:AT_ONCE]):
        with transaction.atomic():
            for change, outcome in zip(changes, _outcomes(changes, standardising), strict=True):
                change.outcome = outcome
            StandardChange.objects.bulk_update(changes, ["outcome"])
            done += len(changes)
            run.save_checkpoint(done=done)
        run.progress(done, total)
    rows = StandardChange.objects.filter(run=standardising)
    counts = {key: rows.filter(outcome=key).count() for key in (APPLIED, CHANGED, CLASH)}
    with transaction.atomic():
        StandardisingRun.objects.filter(pk=standardising.pk).update(
            state=StandardState.APPLIED, applied=counts[APPLIED]
        )
        run.save_checkpoint(finished=True)
    run.finish_with(**counts)


def _outcomes(changes: list[StandardChange], standardising: StandardisingRun) -> list[str]:
    outcomes = apply_changes(changes, standardising.owner)
    return [outcomes[change.pk] for change in changes]


@job_kind("contacts.undo_standards", title=_("Undoing the standardising"), url_for=_page)
def undo_standards(run: JobRun) -> None:
    """Take back what the run wrote, in one transaction."""
    standardising = StandardisingRun.objects.get(pk=run.params["run"])
    if standardising.state != StandardState.APPLIED:
        return
    cause = f"job:{standardising.apply_job_id}"
    ids = list(ChangeSet.objects.filter(cause=cause).values_list("pk", flat=True))
    with transaction.atomic():
        outcome = undo_changesets(
            ids, actor=run.job.owner_id, cause=f"undo:{standardising.apply_job_id}",
            leave=["contacts.StandardisingRun"],
        )  # fmt: skip
        StandardisingRun.objects.filter(pk=standardising.pk).update(state=StandardState.UNDONE)
        run.save_checkpoint(done=True)
    run.finish_with(restored=outcome.restored, kept=len(outcome.skipped))
