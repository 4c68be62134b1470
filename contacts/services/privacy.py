"""Access requests and erasure of people."""

import secrets
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce, Now
from django.utils import timezone
from django.utils.translation import gettext as _

from contacts import erasure_log
from contacts.models import Alias, Contact, Erasure, MergeLog
from contacts.selectors.merges import merged_ids, steps_about
from contacts.selectors.privacy import imported_files_of, may_erase, own_names_of, own_reach_of
from contacts.selectors.tombstones import digest_of
from contacts.services.holds import OnLegalHold, active_hold
from contacts.services.tombstones import set_tombstones
from core.history.context import current as acting_now
from core.models import ImportBatch
from core.privacy.elsewhere import forget_elsewhere
from core.privacy.erase import Erased, erase_history, erase_person
from core.privacy.export import export_person
from core.privacy.mail_store import forget_mails
from core.registries.aliases import live_id
from core.services.base import NotAllowed, service


@service
def export_contact(*, actor: Any, contact: Contact) -> dict[str, Any]:
    """All that is kept about a person, of the records that were merged into theirs too. Raises NotAllowed."""
    may_hand_out(actor)
    live = live_id("contact", contact.pk)
    found = export_person(live)
    for old in merged_ids("contact", live):
        for label, rows in export_person(old)["data"].items():
            known = {row["id"] for row in found["data"].get(label, [])}
            found["data"].setdefault(label, []).extend(row for row in rows if row["id"] not in known)
    return found


@service
def erase_contact(*, actor: Any, contact: Contact, cause: str = "") -> Erased:
    """Take a person out for good: rows, files, what the history kept. Raises NotAllowed, OnLegalHold.

    What stays is a row without a name in the recycle bin (orders and deals hang on it), a keyed digest of each
    of the person's own addresses and numbers, by which they are known again when they come back, and the
    proof that it was done: in the database, and in the log that lies apart from it. The records that were
    merged into the person's go with it, and what the merges kept: they can't be undone afterwards.
    """
    may_hand_out(actor)
    live = live_id("contact", contact.pk)
    current: Contact = Contact.all_objects.select_for_update().get(pk=live)
    hold = active_hold(live)
    if hold is not None:
        raise OnLegalHold(hold)
    return _erase(current, secrets.token_hex(16), cause)


@service
def erase_again(*, actor: Any, contact: Contact, token: str) -> Erased:
    """Erase somebody whom a restored backup brought back; what was decided once is not asked again."""
    return _erase(contact, token, "restore")


def _erase(contact: Contact, token: str, cause: str) -> Erased:
    own, merged = own_reach_of(contact.pk), merged_ids("contact", contact.pk)
    names = own_names_of([contact.pk, *merged])
    digests = sorted(digest_of(one) for one in own)
    born = Contact.all_objects.filter(pk__in=merged).order_by("pk").values_list("pk", "created_at")
    apart = [(pk, created_at.isoformat()) for pk, created_at in born]
    acting = acting_now()
    reason = cause or (acting.cause if acting else "") or "erasure"
    outcome = erase_person(contact.pk, reason=reason)
    for old in merged:
        outcome.add(erase_person(old, reason=reason))
    elsewhere = forget_elsewhere(own, names)
    Alias.objects.filter(record_type="contact", live_id=contact.pk).delete()
    Contact.all_objects.filter(pk__in=[contact.pk, *merged]).update(
        company=None,
        owner=None,
        do_not_contact=True,
        last_activity_at=None,
        deleted_at=Coalesce("deleted_at", Now()),
        version=F("version") + 1,
    )
    erase_history("contacts.Contact", [contact.pk, *merged], None)
    set_tombstones(actor=None, digests=digests)
    row, _created = Erasure.objects.update_or_create(
        token=token,
        contact_number=contact.pk,
        defaults={
            "contact_created_at": contact.created_at,
            "digests": digests,
            "actor_id": acting.actor_id if acting else None,
            "cause": reason[:120],
            "outcome": {
                "rows": outcome.rows,
                "files": outcome.files,
                "elsewhere": elsewhere,
                "merged": apart,
            },
        },
    )
    transaction.on_commit(lambda: write_log(row))
    transaction.on_commit(lambda: forget_mails(settings.MAIL_STORE, own))
    return outcome


def write_log(row: Erasure) -> None:
    """Write an erasure into the log apart from the database."""
    erasure_log.append(
        erasure_log.Entry(
            token=row.token,
            contact=row.contact_number,
            contact_created_at=row.contact_created_at.isoformat(),
            at=row.at.isoformat(),
            digests=list(row.digests),
            merged=list(row.outcome.get("merged", ())),
        )
    )


def drop_import_files(contact_id: int) -> int:
    """Delete the stored files of finished imports that brought the person; returns how many."""
    batches = list(imported_files_of(contact_id))
    for batch in batches:
        for stored in (batch.file, batch.error_file, batch.kept_file):
            if stored:
                transaction.on_commit(lambda storage=stored.storage, name=stored.name: storage.delete(name))  # type: ignore[misc]
        ImportBatch.objects.filter(pk=batch.pk).update(file="", error_file="", kept_file="")
    erase_history("core.ImportBatch", [batch.pk for batch in batches], ["file", "error_file", "kept_file"])
    return len(batches)


def drop_merge_steps(contact_id: int) -> int:
    """Delete what merges kept of the person's records; those merges can't be undone any more."""
    steps = steps_about(contact_id)
    of_people = steps.filter(log__contact__isnull=False)
    MergeLog.objects.filter(pk__in=list(of_people.values_list("log_id", flat=True))).update(
        erased_at=timezone.now(), reason=""
    )
    return int(steps.delete()[0])


def may_hand_out(actor: Any) -> None:
    """Demand the right to hand out and to erase what is kept about a person. Raises NotAllowed."""
    if actor is not None and not may_erase(actor):
        raise NotAllowed(_("Only administrators may do this."))
