"""What follows a merge: old ids lead on, erasure takes all of it, commands, imports."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from django.urls import reverse

from contacts.importing.matching import find_contacts
from contacts.models import Alias, Contact, MergeLog, MergeStep
from contacts.services.merging import CantUndo, merge_records, unmerge
from contacts.services.privacy import erase_contact, export_contact
from contacts.tests.factories import make_activity, make_company, make_contact, make_point
from core.models import User
from core.outbox.dispatcher import drain
from core.services.base import NotAllowed
from core.services.trash import restore_record
from core.tests.factories import make_team, make_user
from core.tests.privacy.test_erasure import tables_with
from sales.tests.factories import make_deal

pytestmark = pytest.mark.django_db


def last_line(command: str, *args: Any, **options: Any) -> dict[str, Any]:
    out = StringIO()
    call_command(command, *args, stdout=out, **options)
    return json.loads(out.getvalue().strip().splitlines()[-1])  # type: ignore[no-any-return]


@pytest.fixture
def admin(client: Client) -> User:
    user = make_user("admin", is_superuser=True)
    client.force_login(user)
    return user


def merged() -> tuple[Contact, Contact, MergeLog]:
    one, two = make_contact("Ada", "Byron"), make_contact("Ada", "Lovelace")
    log = merge_records(actor=None, record_type="contact", ids=[one.pk, two.pk])
    return one, two, log


def test_pages_of_an_old_id_lead_to_the_live_record(client: Client, admin: User) -> None:
    one, two, log = merged()
    for name in ("contact_detail", "contact_update"):
        moved = client.get(reverse(f"contacts:{name}", args=[two.pk]) + "?peek=1")
        assert (moved.status_code, moved["Location"]) == (
            302,
            reverse(f"contacts:{name}", args=[one.pk]) + "?peek=1",
        )
    posted = client.post(reverse("contacts:contact_update", args=[two.pk]), {"last_name": "X"})
    assert (posted.status_code, posted["Location"]) == (
        303,
        reverse("contacts:contact_detail", args=[one.pk]),
    )
    unmerge(actor=None, log=log)
    assert client.get(reverse("contacts:contact_detail", args=[two.pk])).status_code == 200


def test_api_of_an_old_id_leads_to_the_live_record(client: Client, admin: User) -> None:
    one, two, _log = merged()
    moved = client.get(f"/api/v1/contacts/{two.pk}/")
    assert moved.status_code == 301
    assert moved["Location"].endswith(f"/api/v1/contacts/{one.pk}/")
    assert moved["Link"] == f'<{moved["Location"]}>; rel="canonical"'
    refused = client.patch(
        f"/api/v1/contacts/{two.pk}/", json.dumps({"city": "Leeds"}), content_type="application/json"
    )
    assert (refused.status_code, refused.json()["merged_into"]) == (409, one.pk)
    assert Contact.objects.get(pk=one.pk).city == ""


def test_api_takes_an_old_id_of_a_company_for_the_live_one(client: Client, admin: User) -> None:
    one, two = make_company(), make_company()
    merge_records(actor=None, record_type="company", ids=[one.pk, two.pk])
    body = json.dumps({"last_name": "Byron", "company": two.pk})
    made = client.post("/api/v1/contacts/", body, content_type="application/json")
    assert (made.status_code, made.json()["company"]["id"]) == (201, one.pk)


def test_an_old_id_tells_nothing_to_whom_the_live_record_is_out_of_scope(client: Client) -> None:
    _one, two, _log = merged()
    client.force_login(make_user("sales", make_team()))
    assert client.get(reverse("contacts:contact_detail", args=[two.pk])).status_code == 404
    assert client.get(f"/api/v1/contacts/{two.pk}/").status_code == 404


def test_a_merged_record_is_not_restored_from_the_recycle_bin(client: Client, admin: User) -> None:
    _one, two, _log = merged()
    assert "Lovelace" not in client.get(reverse("core:trash")).content.decode()
    assert client.post(reverse("core:restore", args=["contact", two.pk])).status_code == 404
    two.refresh_from_db()
    with pytest.raises(NotAllowed, match="Undo the merge"):
        restore_record(actor=admin, record=two)


def test_an_old_external_id_means_the_live_record() -> None:
    one, two = make_contact(external_id="A-1"), make_contact(external_id="A-2")
    merge_records(actor=None, record_type="contact", ids=[one.pk, two.pk])
    assert find_contacts([("external", "A-1"), ("external", "A-2")]) == {
        ("external", "A-1"): one.pk,
        ("external", "A-2"): one.pk,
    }


def test_erasing_takes_what_was_merged_and_what_the_merge_kept() -> None:
    one = make_contact("Kanari", "Kanari", email="kanari@example.org")
    two = make_contact(
        "Kanari2", "Kanari2", email="KANARI@example.org", description="kanari", job_title="kanari"
    )
    three = make_contact("Kanari3", "Kanari3", phone="+493012345678")
    make_activity(contact=two, subject="kanari")
    make_point(three, value="kanari3@example.org")
    company = make_company()
    make_deal(name="Order", company=company)
    merge_records(actor=None, record_type="contact", ids=[two.pk, three.pk])
    log = merge_records(actor=None, record_type="contact", ids=[one.pk, two.pk])
    assert "public.contacts_mergestep" in tables_with("kanari")
    assert export_contact(actor=None, contact=two)["contact"] == one.pk
    erase_contact(actor=None, contact=Contact.all_objects.get(pk=two.pk))
    assert tables_with("kanari") == {}
    assert not Alias.objects.exists()
    assert not MergeStep.objects.exists()
    assert set(Contact.all_objects.values_list("name", "do_not_contact")) == {("", True)}
    with pytest.raises(CantUndo, match="erased"):
        unmerge(actor=None, log=log)


def test_export_of_a_person_has_the_merged_records_too() -> None:
    one, two, _log = merged()
    found = export_contact(actor=None, contact=one)["data"]["contacts.Contact"]
    assert [(row["id"], row["last_name"]) for row in found] == [(one.pk, "Byron"), (two.pk, "Lovelace")]


def test_commands_end_with_one_json_line() -> None:
    one, two = make_contact(), make_contact()
    found = last_line("merge_contacts", one.pk, two.pk)
    log = MergeLog.objects.get()
    assert found == {"log": log.pk, "survivor": one.pk, "merged": [two.pk], "rows": log.rows}
    with pytest.raises(CommandError, match=f"live now: {one.pk}"):
        last_line("merge_contacts", one.pk, two.pk)
    undone = last_line("unmerge", log.pk)
    assert (undone["log"], undone["restored"], undone["kept"]) == (log.pk, [one.pk, two.pk], [])
    with pytest.raises(CommandError, match="already"):
        last_line("unmerge", log.pk)
    acme, beta = make_company(), make_company()
    assert last_line("merge_contacts", acme.pk, beta.pk, companies=True)["survivor"] == acme.pk


def test_rows_that_were_being_written_follow_when_the_merge_is_told(run_on_commit: Any) -> None:
    with run_on_commit():
        one, two, _log = merged()
    late = make_activity()
    type(late).objects.filter(pk=late.pk).update(contact=two)
    drain()
    late.refresh_from_db()
    assert late.contact_id == one.pk
