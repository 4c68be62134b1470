"""Custom values in the change history: key by key, whatever wrote them."""

from typing import Any

import pytest
from django.db import connection, transaction

from contacts.models import Contact
from contacts.tests.factories import make_contact
from core.history.context import acting
from core.history.erasing import open_erasure
from core.history.selectors import as_of, history_of
from core.history.undo import undo_changesets
from core.models import Change, ChangeSet
from core.privacy.erase import erase_history

pytestmark = pytest.mark.django_db(transaction=True)


def write(contact: Contact, values: dict[str, Any]) -> int:
    """Write the values in a transaction of its own; returns its change set."""
    with acting(None, cause="page"):
        from django.db import transaction

        with transaction.atomic():
            Contact.objects.filter(pk=contact.pk).update(custom=values)
    return int(ChangeSet.objects.order_by("-pk").values_list("pk", flat=True)[0])


def test_change_keeps_only_the_keys_that_changed() -> None:
    contact = make_contact("Ada", "Byron")
    write(contact, {"shoe": 38, "hat": "M"})
    write(contact, {"shoe": 39, "hat": "M", "glove": [1]})
    last = Change.objects.filter(model__label="contacts.Contact", op="U").latest("pk")
    assert last.before == {"custom.shoe": 38, "custom.glove": None}


def test_undo_of_a_key_leaves_its_neighbours() -> None:
    contact = make_contact("Ada", "Byron")
    write(contact, {"shoe": 38})
    first = write(contact, {"shoe": 39, "hat": "M"})
    write(contact, {"shoe": 39, "hat": "L", "glove": 7})
    outcome = undo_changesets([first], actor=None)
    contact.refresh_from_db()
    # the hat has been changed since and stays; the shoe goes back; the glove was never meant
    assert contact.custom == {"shoe": 38, "hat": "L", "glove": 7}
    assert [row["reason"] for row in outcome.skipped] == ["changed since"]


def test_undo_takes_a_new_key_away() -> None:
    contact = make_contact("Ada", "Byron")
    added = write(contact, {"shoe": 38})
    undo_changesets([added], actor=None)
    contact.refresh_from_db()
    assert contact.custom == {}


def test_history_and_as_of_read_keys() -> None:
    contact = make_contact("Ada", "Byron")
    write(contact, {"shoe": 38})
    moment = ChangeSet.objects.latest("pk").at
    write(contact, {"hat": "M"})
    contact.refresh_from_db()
    newest = history_of(contact)[0]
    assert {(f.field, f.before, f.after) for f in newest.fields} == {
        ("custom.shoe", 38, None),
        ("custom.hat", None, "M"),
    }
    then = as_of(Contact, contact.pk, moment)
    assert then is not None
    assert then["custom"] == {"shoe": 38}


def erase(contact: Contact, columns: list[str]) -> None:
    with transaction.atomic():
        open_erasure(subject=f"contact:{contact.pk}", reason="asked for")
        erase_history("contacts.Contact", [contact.pk], columns)


def test_erasure_takes_the_keys_of_the_column() -> None:
    contact = make_contact("Ada", "Byron")
    write(contact, {"shoe": 38, "hat": "M"})
    write(contact, {})
    erase(contact, ["custom.shoe"])
    kept = [c.before for c in Change.objects.filter(object_id=contact.pk, op="U")]
    assert {key for row in kept if row for key in row} == {"custom.hat"}
    erase(contact, ["custom"])
    assert not any(c.before for c in Change.objects.filter(object_id=contact.pk, op="U"))


def test_deleted_row_can_lose_a_single_key() -> None:
    contact = make_contact("Ada", "Byron")
    write(contact, {"shoe": 38, "hat": "M"})
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM contacts_timelineentry WHERE contact_id = %s", [contact.pk])
        cursor.execute("DELETE FROM contacts_contact WHERE id = %s", [contact.pk])
    erase(contact, ["custom.shoe"])
    gone = Change.objects.get(object_id=contact.pk, op="D", model__label="contacts.Contact")
    assert gone.before is not None
    assert gone.before["custom"] == {"hat": "M"}
