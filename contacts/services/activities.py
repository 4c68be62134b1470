"""Calls, notes, mails, meetings and tasks: written with their line on the timeline, and mentions told."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from contacts.enums import ActivityKind
from contacts.events import ActivityChanged
from contacts.models import Activity, ActivityLink, Company, Contact, TimelineEntry
from contacts.services.timeline import Happening, record_timeline
from core.custom_fields.saving import for_new
from core.enums import Action
from core.events import publish
from core.registries import records
from core.services.base import default_team, require, require_on, save_changes, service
from core.ui.mentions import notify_mentioned

Link = tuple[str, int]
CLOCKS_DIFFER = timedelta(minutes=2)


@service
def log_activity(
    *,
    actor: Any,
    kind: str,
    contact: Contact | None = None,
    company: Company | None = None,
    links: Iterable[Link] = (),
    follow_up_at: datetime | None = None,
    follow_up_subject: str = "",
    **values: Any,
) -> Activity:
    """Write down what happened (or, for tasks and planned meetings, what is to be done by `due_at`).

    `links` are other records it is about, by type and id. A follow-up makes a task in the same breath.
    Raises ValidationError by field, NotAllowed.
    """
    require(actor, "activity", Action.ADD)
    for party in (contact, company):
        if party is not None:
            require_on(actor, party, Action.VIEW)
    # a person's company comes along even where the actor may not see it: the line is about the person
    own_company = company or (contact.company if contact is not None else None)
    values.setdefault("owner", actor)
    values.setdefault("team", default_team(values["owner"]))
    values["custom"] = for_new("activity", {"kind": kind, **values})
    activity = Activity(kind=ActivityKind(kind), contact=contact, company=own_company, **values)
    _check(activity)
    _check_moment(activity)
    activity.full_clean()
    activity.save()
    pairs = list(dict.fromkeys(links))
    ActivityLink.objects.bulk_create(
        ActivityLink(activity=activity, record_type=record_type, object_id=pk) for record_type, pk in pairs
    )
    _tell(actor, activity)
    if follow_up_at is not None:
        log_activity(
            actor=actor,
            kind=ActivityKind.TASK,
            contact=contact,
            company=company,
            links=pairs,
            subject=follow_up_subject or _("Follow up"),
            due_at=follow_up_at,
        )
    publish(ActivityChanged(activity_id=activity.pk))
    return activity


@service
def update_activity(
    *, actor: Any, activity: Activity, changes: dict[str, Any], expected_version: int | None = None
) -> Activity:
    """Change an activity, and its line on the timeline with it. Raises ValidationError, StaleRecord, NotAllowed."""
    require_on(actor, activity, Action.CHANGE)
    changed = save_changes(activity, changes, expected_version=expected_version)
    if activity.kind == ActivityKind.TASK and activity.due_at is None:
        raise ValidationError({"due_at": _("Say until when it is to be done.")})
    _check(activity)
    if "occurred_at" in changed:
        _check_moment(activity)
    if changed:
        _tell_again(actor, activity)
    publish(ActivityChanged(activity_id=activity.pk))
    return activity


@service
def complete_activity(*, actor: Any, activity: Activity, at: datetime | None = None) -> Activity:
    """A task is done: from now on it is on the timeline. Doing it twice changes nothing."""
    require_on(actor, activity, Action.CHANGE)
    if activity.done_at is None:
        save_changes(activity, {"done_at": at or timezone.now()})
        _tell(actor, activity)
        publish(ActivityChanged(activity_id=activity.pk))
    return activity


@service
def reopen_activity(*, actor: Any, activity: Activity) -> Activity:
    """Undo of completing."""
    require_on(actor, activity, Action.CHANGE)
    if activity.done_at is not None and activity.due_at is not None:
        save_changes(activity, {"done_at": None})
        TimelineEntry.objects.filter(dedupe_key=_key(activity)).delete()
        publish(ActivityChanged(activity_id=activity.pk))
    return activity


@service
def follow_activity(*, actor: Any, activity: Activity) -> None:
    """Bring the timeline, and what follows activities, to where the activity is now."""
    _tell_again(actor, activity)
    publish(ActivityChanged(activity_id=activity.pk))


@service
def forget_activity_line(*, actor: Any, activity_id: int) -> None:
    """Take a deleted activity off the timeline."""
    TimelineEntry.objects.filter(dedupe_key=f"activity:{activity_id}").delete()


@service
def tell_activity_again(*, actor: Any, activity: Activity) -> None:
    """Put a restored activity back on the timeline."""
    _tell(actor, activity)


def _check(activity: Activity) -> None:
    empty = not activity.subject.strip() and not activity.body.strip()
    if activity.kind == ActivityKind.TASK and not activity.subject.strip():
        raise ValidationError({"subject": _("Say what is to be done.")})
    if activity.kind == ActivityKind.NOTE and empty:
        raise ValidationError({"body": _("Write the note first.")})
    if activity.kind in (ActivityKind.EMAIL, ActivityKind.MEETING) and not activity.subject.strip():
        raise ValidationError({"subject": _("Give it a subject.")})
    if activity.kind == ActivityKind.TASK and activity.due_at is None:
        activity.due_at = timezone.now()


def _check_moment(activity: Activity) -> None:
    """What has happened did so before now; what is planned says until when by `due_at`."""
    if not _is_planned(activity) and activity.occurred_at > timezone.now() + CLOCKS_DIFFER:
        raise ValidationError({"occurred_at": _("This is still to come. Choose a moment up to now.")})


def _key(activity: Activity) -> str:
    return f"activity:{activity.pk}"


def _tell(actor: Any, activity: Activity) -> None:
    """The line on the timeline (of what is done or happened) and the people mentioned."""
    if not _is_planned(activity):
        happening = Happening(
            kind=activity.kind,
            occurred_at=activity.done_at or activity.occurred_at,
            dedupe_key=_key(activity),
            contact_id=activity.contact_id,
            company_id=activity.company_id,
            actor_id=activity.owner_id or getattr(actor, "pk", None),
            title=activity.subject,
            body=activity.body,
            data=_data(activity),
            record_type="activity",
            object_id=activity.pk,
        )
        record_timeline(actor=actor, happenings=[happening])
    _tell_mentions(actor, activity)


def _tell_again(actor: Any, activity: Activity) -> None:
    """The line as the activity is now; none while it is only planned."""
    lines = TimelineEntry.objects.filter(dedupe_key=_key(activity))
    if _is_planned(activity):
        lines.delete()
    lines.update(
        title=activity.subject,
        body=activity.body,
        occurred_at=activity.done_at or activity.occurred_at,
        contact=activity.contact,
        company=activity.company,
        data=_data(activity),
    )
    _tell(actor, activity)


def _is_planned(activity: Activity) -> bool:
    return activity.due_at is not None and activity.done_at is None


def _data(activity: Activity) -> dict[str, Any]:
    return {
        "outcome": activity.outcome,
        "minutes": activity.duration_minutes,
        "direction": activity.direction,
    }


def _tell_mentions(actor: Any, activity: Activity) -> None:
    about = activity.contact or activity.company
    if about is not None:
        notify_mentioned(
            actor=actor,
            text=activity.body,
            message=lambda: (
                _("%(who)s mentioned you on %(record)s") % {"who": actor or _("Somebody"), "record": about}
            ),
            record=about,
            url=records.of(about).url_of(about.pk),
            key=f"activity:{activity.pk}",
        )
