"""Access requests and erasure through the services and commands."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import CommandError

from contacts.enums import SuppressionCause, SuppressionScope
from contacts.models import Contact, ContactPoint, Suppression
from contacts.selectors.permissions import may_send
from contacts.selectors.tombstones import digest_of, erased_among
from contacts.services.parties import create_contact
from contacts.services.privacy import erase_contact, export_contact
from contacts.services.tombstones import let_in_again
from contacts.tests.factories import make_contact, make_point
from core.services.base import NotAllowed
from core.tests.factories import make_user

pytestmark = pytest.mark.django_db


def last_line(command: str, *args: Any, **options: Any) -> dict[str, Any]:
    out = StringIO()
    call_command(command, *args, stdout=out, **options)
    return json.loads(out.getvalue().strip().splitlines()[-1])  # type: ignore[no-any-return]


def test_erased_address_is_kept_as_a_keyed_digest_only() -> None:
    # a name with letters past f, which no hexadecimals spell by chance
    contact = make_contact(email="zoe@example.org")
    erase_contact(actor=None, contact=contact)
    row = Suppression.objects.get()
    assert row.address == digest_of("zoe@example.org")
    assert (row.reach, row.cause) == (SuppressionScope.ALL, SuppressionCause.ERASED)
    assert "zoe" not in row.address


def test_erased_address_is_refused_when_it_comes_back_until_it_is_let_in() -> None:
    erase_contact(actor=None, contact=make_contact(email="ada@example.org", phone="+44 20 7946 0958"))
    assert erased_among(["ada@example.org", "+442079460958", "bob@example.org"]) == {
        "ada@example.org",
        "+442079460958",
    }
    for values in ({"email": "Ada@Example.org"}, {"phone": "020 7946 0958", "country": "GB"}):
        with pytest.raises(ValidationError, match="was erased"):
            create_contact(actor=None, first_name="Ada", **values)
    assert not Contact.objects.exists()
    assert let_in_again(actor=None, address="ada@example.org")
    create_contact(actor=None, first_name="Ada", email="ada@example.org")
    assert Contact.objects.get().points.get().value == "ada@example.org"


def test_address_shared_with_somebody_else_is_not_suppressed() -> None:
    contact = make_contact(email="office@example.org")
    make_contact(email="office@example.org")
    erase_contact(actor=None, contact=contact)
    assert not Suppression.objects.exists()
    assert may_send("office@example.org")


def test_erasing_twice_changes_nothing_more() -> None:
    contact = make_contact(email="ada@example.org")
    erase_contact(actor=None, contact=contact)
    contact.refresh_from_db()
    erase_contact(actor=None, contact=contact)
    assert Suppression.objects.count() == 1


@pytest.mark.parametrize("role", ["manager", "sales", "marketing", "service", "analyst", "readonly"])
def test_only_administrators_export_and_erase(role: str) -> None:
    contact = make_contact(email="ada@example.org")
    for work in (export_contact, erase_contact):
        with pytest.raises(NotAllowed):
            work(actor=make_user(role), contact=contact)
    contact.refresh_from_db()
    assert contact.first_name == "Ada"
    assert ContactPoint.objects.filter(contact=contact).count() == 1


def test_administrator_exports_and_erases() -> None:
    contact, admin = make_contact(email="ada@example.org"), make_user("admin")
    found = export_contact(actor=admin, contact=contact)
    assert found["data"]["contacts.Contact"][0]["first_name"] == "Ada"
    assert found["data"]["contacts.ContactPoint"][0]["value"] == "ada@example.org"
    erase_contact(actor=admin, contact=contact)
    assert not Contact.objects.filter(pk=contact.pk).exists()


def test_export_person_ends_with_one_json_line() -> None:
    contact = make_contact(email="ada@example.org")
    found = last_line("export_person", "ADA@example.org")
    assert found["contact"] == contact.pk
    assert found["rows"] == sum(len(rows) for rows in found["data"].values())
    assert found["data"]["contacts.ContactPoint"][0]["normalised"] == "ada@example.org"


def test_export_person_writes_a_file(tmp_path: Path) -> None:
    contact = make_contact(email="ada@example.org")
    target = tmp_path / "ada.json"
    found = last_line("export_person", "ada@example.org", output=target)
    assert found == {"contact": contact.pk, "rows": found["rows"], "file": str(target)}
    assert json.loads(target.read_text())["contact"] == contact.pk


def test_erase_person_ends_with_one_json_line() -> None:
    contact = make_contact(email="ada@example.org")
    found = last_line("erase_person", "ada@example.org")
    assert found["contact"] == contact.pk
    assert found["erased"]["contacts.ContactPoint"] == 1
    assert found["erased"]["contacts.Contact"] == 1
    assert found["files"] == 0


def test_commands_refuse_an_unknown_address() -> None:
    with pytest.raises(CommandError, match=r"Nobody has the e-mail address nobody@example\.org"):
        last_line("erase_person", "nobody@example.org")


def test_commands_ask_which_of_several_people_is_meant() -> None:
    first, second = make_contact(email="office@example.org"), make_contact()
    make_point(second, value="office@example.org")
    with pytest.raises(CommandError, match=f"--contact: {first.pk}, {second.pk}"):
        last_line("export_person", "office@example.org")
    assert last_line("erase_person", "office@example.org", contact=second.pk)["contact"] == second.pk
    first.refresh_from_db()
    assert first.deleted_at is None
