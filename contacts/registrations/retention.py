"""What retention policies may do with people and with what was done with them, and what is tidied up besides."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from contacts.enums import ActivityKind
from contacts.models import Activity, Contact
from contacts.services.activities import log_activity
from contacts.services.holds import OnLegalHold, active_hold
from contacts.services.opt_ins import forget_unconfirmed
from contacts.services.privacy import erase_contact
from contacts.services.requests import release_ended_holds
from core.registries import grants, retention
from core.registries.retention import Held, RetentionTarget
from core.services.trash import delete_record


def _people() -> QuerySet[Any]:
    """Those in the recycle bin too, but for whoever is erased already."""
    rows: QuerySet[Any] = Contact.all_objects.exclude(name="")
    return rows


def _erase(contact: Contact, policy: Any) -> bool:
    try:
        erase_contact(actor=None, contact=contact, cause=f"retention:{policy.pk}")
    except OnLegalHold as held:
        raise Held from held
    return True


def _delete(contact: Contact, policy: Any) -> bool:
    if active_hold(contact.pk) is not None:
        raise Held
    if contact.deleted_at is not None:
        return False
    delete_record(actor=None, record=contact)
    return True


def _ask(contact: Contact, policy: Any) -> bool:
    """A task for the owner, once a policy and person."""
    mark = f"retention:{policy.pk}:{contact.pk}"
    if Activity.all_objects.filter(external_id=mark).exists():
        return False
    log_activity(
        actor=None,
        kind=ActivityKind.TASK,
        contact=contact,
        owner=contact.owner,
        subject=_t("Do we still need these data? (%(policy)s)") % {"policy": policy.name},
        external_id=mark,
    )
    return True


def _drop(activity: Activity, policy: Any) -> bool:
    if activity.contact_id and active_hold(activity.contact_id) is not None:
        raise Held
    delete_record(actor=None, record=activity)
    return True


retention.register(
    RetentionTarget(
        "contact",
        _people,
        {"activity_at": _("Last activity"), "created_at": _("Creation")},
        {"anonymise": _erase, "delete": _delete, "review": _ask},
    )
)
retention.register(
    RetentionTarget("activity", Activity.objects.all, {"created_at": _("Creation")}, {"delete": _drop})
)
retention.register_chore("unconfirmed opt-ins", forget_unconfirmed)
retention.register_chore("legal holds that ended", lambda: release_ended_holds(actor=None))
grants.register("retention_policy", _("Retention policies"))
