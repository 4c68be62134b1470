"""Access requests and erasure of people."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce, Now
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from contacts.enums import SuppressionCause, SuppressionScope
from contacts.models import Alias, Contact, MergeLog, Suppression
from contacts.selectors.merges import merged_ids, steps_about
from contacts.selectors.privacy import ERASED, imported_files_of, may_erase, own_addresses_of
from core.models import ImportBatch
from core.privacy.erase import Erased, erase_history, erase_person
from core.privacy.export import export_person
from core.registries.aliases import live_id
from core.services.base import NotAllowed, service


@service
def export_contact(*, actor: Any, contact: Contact) -> dict[str, Any]:
    """All that is kept about a person, of the records that were merged into theirs too. Raises NotAllowed."""
    _require(actor)
    live = live_id("contact", contact.pk)
    found = export_person(live)
    for old in merged_ids("contact", live):
        for label, rows in export_person(old)["data"].items():
            known = {row["id"] for row in found["data"].get(label, [])}
            found["data"].setdefault(label, []).extend(row for row in rows if row["id"] not in known)
    return found


@service
def erase_contact(*, actor: Any, contact: Contact) -> Erased:
    """Take a person out for good: rows, files, what the history kept. Raises NotAllowed.

    What stays is a row without a name in the recycle bin (orders and deals hang on it), and for each of the
    person's own addresses a keyed digest, by which an import that brings the address back finds that
    nothing may be sent to it. The records that were merged into the person's go with it, and what the
    merges kept: they can't be undone afterwards.
    """
    _require(actor)
    live = live_id("contact", contact.pk)
    merged = merged_ids("contact", live)
    addresses = own_addresses_of(live)
    outcome = erase_person(live)
    for old in merged:
        outcome.add(erase_person(old))
    Alias.objects.filter(record_type="contact", live_id=live).delete()
    Contact.all_objects.filter(pk__in=[live, *merged]).update(
        company=None,
        owner=None,
        do_not_contact=True,
        last_activity_at=None,
        deleted_at=Coalesce("deleted_at", Now()),
        version=F("version") + 1,
    )
    erase_history("contacts.Contact", [live, *merged], None)
    Suppression.objects.bulk_create(
        [
            Suppression(address=digest_of(one), reach=SuppressionScope.ALL, cause=SuppressionCause.ERASED)
            for one in addresses
        ],
        ignore_conflicts=True,
    )
    return outcome


@service
def suppress_erased(*, actor: Any, addresses: Iterable[str]) -> int:
    """Leave alone those of the (normalised) addresses whose owner was erased: called for every address that
    is written down, so that a later import does not bring mail back. Returns how many there were."""
    by_digest = {digest_of(address): address for address in addresses if address}
    if not by_digest:
        return 0
    known = Suppression.objects.filter(address__in=list(by_digest), cause=SuppressionCause.ERASED)
    found = [by_digest[row] for row in known.values_list("address", flat=True)]
    Suppression.objects.bulk_create(
        [
            Suppression(address=one, reach=SuppressionScope.ALL, cause=SuppressionCause.ERASED)
            for one in found
        ],
        ignore_conflicts=True,
    )
    return len(found)


def digest_of(address: str) -> str:
    """The keyed digest of a normalised address. Without the installation's key nobody can try addresses."""
    keyed = salted_hmac("contacts.erased", address, secret=settings.MAIL_LINK_KEY, algorithm="sha256")
    return ERASED + keyed.hexdigest()


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


def _require(actor: Any) -> None:
    if actor is not None and not may_erase(actor):
        raise NotAllowed(_("Only administrators may do this."))
