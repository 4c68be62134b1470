"""Background work of contacts."""

from collections.abc import Callable
from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy

from contacts.enrichment import running as enriching  # noqa: F401  (its job kinds register themselves)
from contacts.enums import Sending
from contacts.models import Activity, Company, Contact, Segment
from contacts.quality import running as measuring  # noqa: F401  (its job kinds register themselves)
from contacts.segmentation.upkeep import fill_batch
from contacts.selectors.gate import refusal_for
from contacts.selectors.reach import primary_address
from contacts.services.locating import load_places, locate_missing
from contacts.services.person_mails import send_confirmation, send_link
from contacts.services.segments import snapshot_segment
from contacts.standardising import running as standardising  # noqa: F401  (its job kinds register themselves)
from core.conditions.tree import ConditionError
from core.jobs.kinds import job_kind
from core.jobs.running import JobFailed, JobRun
from core.mail.transport import send_mail
from core.registries import records
from core.ui.mentions import MENTION


def _page_of(job: Any) -> str:
    """The page of whom the mail went to."""
    activity = Activity.objects.filter(pk=job.params.get("activity")).first()
    if activity is None:
        return ""
    key, pk = ("contact", activity.contact_id) if activity.contact_id else ("company", activity.company_id)
    return records.get(key).url_of(pk) if pk else ""


@job_kind("contacts.send_mail", title=gettext_lazy("E-mail"), url_for=_page_of)
def send_activity_mail(run: JobRun) -> None:
    """Send the mail that an activity holds. Started again after a crash it goes out under the same Message-ID,
    by which the receiver's program knows a second copy."""
    if run.checkpoint.get("sent"):
        return
    rows = Activity.objects.select_related("contact", "company", "owner")
    activity = rows.filter(pk=run.params["activity"]).first()
    party = (activity.contact or activity.company) if activity is not None else None
    if activity is None or party is None:
        raise JobFailed(gettext_lazy("The message was deleted before it was sent."))
    address = primary_address(party)
    if not address:
        raise JobFailed(gettext_lazy("There is no e-mail address to send it to any more."))
    if refusal := refusal_for(address=address, sending=Sending.PERSONAL, contact=activity.contact):
        raise JobFailed(gettext_lazy("Nothing was sent: %(why)s."), why=refusal.label)
    sender = activity.owner.email if activity.owner is not None and activity.owner.email else ""
    try:
        send_mail(
            subject=activity.subject,
            text=MENTION.sub(r"@\1", activity.body),
            to=[address],
            from_email=settings.DEFAULT_FROM_EMAIL,
            message_id=activity.external_id,
            reply_to=[sender] if sender else [],
        )
    except (SMTPException, OSError) as error:
        raise JobFailed(
            gettext_lazy("The mail server did not take the message (%(why)s). Its text is kept on the page."),
            why=type(error).__name__,
        ) from error
    run.save_checkpoint(sent=True)
    run.progress(1, 1)


@job_kind("contacts.fill_segments", title=gettext_lazy("Filling segments"))
def fill_segments(run: JobRun) -> None:
    """Judge everybody by segments that are new or have a new rule. How far each has come stands with the
    segment, in the transaction of its batch: a killed worker's successor goes on there."""
    total = Contact.all_objects.count()
    done = 0
    while (filled := fill_batch(timezone.now())) is not None:
        done += filled
        run.progress(min(done, total), total, str(gettext_lazy("Filling segments")))
    run.progress(total, total)
    run.finish_with(contacts=done)


def _page_of_snapshot(job: Any) -> str:
    made = job.result.get("segment")
    return records.get("segment").url_of(made) if made else ""


@job_kind("contacts.snapshot_segment", title=gettext_lazy("Snapshot of %(name)s"), url_for=_page_of_snapshot)
def make_snapshot(run: JobRun) -> None:
    """A fixed segment of a large one's people. All of it is one transaction with the checkpoint."""
    if run.checkpoint.get("segment"):
        return
    segment = Segment.objects.filter(pk=run.params["segment"]).first()
    if segment is None:
        raise JobFailed(gettext_lazy("The segment is no longer there."))
    with transaction.atomic():
        try:
            made = snapshot_segment(actor=run.job.owner, segment=segment)
        except ConditionError as error:
            raise JobFailed(error) from error
        run.save_checkpoint(segment=made.pk)
    run.finish_with(segment=made.pk, people=made.members.count())
    run.progress(1, 1)


@job_kind("contacts.send_link", title=gettext_lazy("Link to one's own data"))
def send_own_link(run: JobRun) -> None:
    """Send somebody the link to their own page. Twice does no harm."""
    _send_once(run, lambda: send_link(list(run.params["points"])))


@job_kind("contacts.send_confirmation", title=gettext_lazy("Confirmation of an address"))
def send_opt_in_confirmation(run: JobRun) -> None:
    """Ask the owner of an address whether they want to be written to."""
    _send_once(run, lambda: send_confirmation(int(run.params["opt_in"])))


def _send_once(run: JobRun, send: Callable[[], bool]) -> None:
    if run.checkpoint.get("sent"):
        return
    try:
        sent = send()
    except (SMTPException, OSError) as error:
        words = gettext_lazy("The mail server did not take the message (%(why)s).")
        raise JobFailed(words, why=type(error).__name__) from error
    run.save_checkpoint(sent=True)
    run.finish_with(mails=int(sent))


@job_kind("contacts.locate", title=gettext_lazy("Put people on the map"))
def locate_everybody(run: JobRun) -> None:
    """Load the gazetteer if it is not there, and put on the map whoever is not: people and companies that
    imports brought. Goes on where a killed worker stopped."""
    load_places(actor=None)
    found = int(run.checkpoint.get("found", 0))
    models: tuple[type[Contact] | type[Company], ...] = (Contact, Company)
    for number, model in enumerate(models):
        after = int(run.checkpoint.get(model.record_type, 0))
        while after >= 0:
            last, more = locate_missing(actor=None, model=model, after=after)
            found, after = found + more, last or -1
            run.save_checkpoint(**{model.record_type: after, "found": found})
            run.progress(number, 2)
    run.progress(2, 2)
    run.finish_with(located=found)
