"""The pages of duplicates: the list, telling apart, the settings, the question before saving."""

import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from contacts.enums import PairState
from contacts.models import Contact, ContactDuplicate, MatchingSettings
from contacts.services.duplicate_scans import compare_here
from contacts.tests.factories import make_contact
from core.tests.factories import make_role, make_team, make_user

pytestmark = pytest.mark.django_db
LIST = "contacts:contact_duplicates"


@pytest.fixture
def admin(client: Client) -> Any:
    user = make_user("admin", None, is_superuser=True)
    client.force_login(user)
    return user


def make_pair(number: int = 1, **values: Any) -> ContactDuplicate:
    phone = f"+49170123{number:05d}"
    a = make_contact("Robert", f"Harrington{number}", phone=phone, **values)
    b = make_contact("Bob", f"Harrington{number}", phone=phone, **values)
    compare_here(actor=None)
    return ContactDuplicate.objects.get(a=a, b=b)


def test_list_says_why_and_counts(client: Client, admin: Any) -> None:
    pair = make_pair()
    page = client.get(reverse(LIST))
    assert page.context["count"] == 1
    text = page.content.decode()
    assert "Bob is short for Robert" in text
    assert f"{reverse('contacts:contact_merge')}?ids={pair.a_id},{pair.b_id}" in text


def test_list_asks_as_often_for_three_pairs_as_for_one(
    client: Client, admin: Any, django_assert_max_num_queries: Any
) -> None:
    counts = []
    for number in (1, 2, 3):
        make_pair(number)
        client.get(reverse(LIST))
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse(LIST))
        counts.append(len(queries))
    assert counts[0] == counts[2], counts


def test_pair_is_told_apart_and_taken_back(client: Client, admin: Any) -> None:
    pair = make_pair()
    url = reverse("contacts:duplicate_decide", args=["contact", pair.pk])
    assert client.post(url).status_code == 303
    pair.refresh_from_db()
    assert (pair.state, pair.decided_by) == (PairState.DISMISSED, admin)
    assert client.get(reverse(LIST)).context["count"] == 0
    client.post(url + "?do=reopen")
    pair.refresh_from_db()
    assert pair.state == PairState.OPEN


def test_stranger_learns_nothing(client: Client) -> None:
    owner = make_user("sales", make_team("North"))
    pair = make_pair(owner=owner)
    stranger = make_user(
        make_role("own", contact="view:own,add:own,change:own,delete:own"), make_team("South")
    )
    client.force_login(stranger)
    page = client.get(reverse(LIST))
    assert page.context["count"] == 0
    assert "Harrington" not in page.content.decode()
    assert client.post(reverse("contacts:duplicate_decide", args=["contact", pair.pk])).status_code == 404
    assert client.get("/api/v1/contact-duplicates/").json()["count"] == 0
    assert client.get(f"/api/v1/contact-duplicates/{pair.pk}/").status_code == 404
    body = json.dumps({"first_name": "Bob", "last_name": "Harrington1", "phone": "+4917012300001"})
    found = client.post("/api/v1/contact-duplicates/lookup/", body, content_type="application/json")
    assert found.json() == []
    pair.refresh_from_db()
    assert pair.state == PairState.OPEN


def test_reasons_about_a_hidden_field_are_hidden(client: Client) -> None:
    from core.models import RoleGrant

    make_pair()
    role = make_role("narrow", contact="view:all")
    RoleGrant.objects.filter(role=role).update(hidden_fields=["phone", "first_name"])
    client.force_login(make_user(role, make_team("South")))
    text = client.get(reverse(LIST)).content.decode()
    assert "same phone number" not in text
    assert "is short for" not in text
    assert "+49170" not in text


def test_creating_asks_once_and_loses_nothing(client: Client, admin: Any) -> None:
    known = make_contact(
        "Robert", "Harrington", phone="+4917012345678", email="rob@example.org", city="Leeds"
    )
    url = reverse("contacts:contact_create")
    typed = {
        "first_name": "Bob",
        "last_name": "Harrington",
        "phone": "+4917012345678",
        "lifecycle_stage": "lead",
    }
    asked = client.post(url, typed)
    text = asked.content.decode()
    assert asked.status_code == 409
    assert "Bob is short for Robert" in text
    assert 'value="+4917012345678"' in text
    assert Contact.objects.count() == 1
    assert "rob@example.org · Leeds" in text
    seen = f"/contacts/{known.pk}/"
    assert f'name="duplicates_seen" value="{seen} "' in text
    assert client.post(url, {**typed, "duplicates_seen": seen}).status_code == 303
    assert Contact.objects.count() == 2


def test_who_changes_what_was_asked_about_is_asked_again(client: Client, admin: Any) -> None:
    known = make_contact("Robert", "Harrington", phone="+4917012345678")
    make_contact("Iris", "Underwood", phone="+4917099999999")
    typed = {
        "first_name": "Iris",
        "last_name": "Underwood",
        "phone": "+4917099999999",
        "lifecycle_stage": "lead",
    }
    seen = {"duplicates_seen": f"/contacts/{known.pk}/ "}
    asked = client.post(reverse("contacts:contact_create"), {**typed, **seen})
    assert asked.status_code == 409
    assert "Iris Underwood" in asked.content.decode()
    assert Contact.objects.count() == 2


def test_settings_show_numbers_and_examples_and_are_saved(client: Client, admin: Any) -> None:
    make_pair()
    url = reverse("contacts:duplicate_settings")
    page = client.get(url + "?review=40&safe=99.9")
    assert (page.context["shown"], page.context["merged"]) == (1, 0)
    assert "Harrington1" in page.content.decode()
    refused = client.post(url, {"review": "90", "safe": "50"})
    assert refused.status_code == 422
    assert not MatchingSettings.objects.filter(safe=0.5).exists()
    assert client.post(url, {"review": "70", "safe": "99"}).status_code == 303
    saved = MatchingSettings.objects.get(kind="contact")
    assert (saved.review, saved.safe, saved.merge_safe) == (0.7, 0.99, False)


def test_record_page_names_the_other(client: Client, admin: Any) -> None:
    pair = make_pair()
    text = client.get(reverse("contacts:contact_detail", args=[pair.a_id])).content.decode()
    assert "Possible duplicates" in text
    assert reverse("contacts:contact_detail", args=[pair.b_id]) in text


def test_api_lists_and_dismisses(client: Client, admin: Any) -> None:
    pair = make_pair()
    (row,) = client.get("/api/v1/contact-duplicates/").json()["results"]
    assert (row["a"], row["b"], row["state"]) == (pair.a_id, pair.b_id, "open")
    assert {"text": "Bob is short for Robert", "speaks_for": True} in row["reasons"]
    done = client.post(f"/api/v1/contact-duplicates/{pair.pk}/dismiss/")
    assert done.json()["state"] == "dismissed"


def test_api_merges_a_pair_and_refuses_who_may_not(client: Client, admin: Any) -> None:
    pair = make_pair()
    client.force_login(make_user("readonly"))
    assert client.post(f"/api/v1/contact-duplicates/{pair.pk}/merge/").status_code in (403, 404)
    assert Contact.objects.count() == 2
    client.force_login(admin)
    done = client.post(f"/api/v1/contact-duplicates/{pair.pk}/merge/")
    assert (done.status_code, done.json()["survivor_id"], done.json()["merged_ids"]) == (
        201,
        pair.a_id,
        [pair.b_id],
    )
    again = client.post(f"/api/v1/contact-duplicates/{pair.pk}/merge/")
    assert again.status_code in (404, 409)
    assert Contact.objects.count() == 1


def test_creating_costs_few_queries(client: Client) -> None:
    """The whole answer, search for duplicates included: saved at once, and asked back however many are like it."""
    team = make_team()
    client.force_login(make_user("sales", team))
    data = {
        "first_name": "Robert", "last_name": "Harrington", "email": "robert.harrington@a.example",
        "phone": "+49 170 1234567", "birthday": "1980-05-06", "city": "Leeds", "lifecycle_stage": "lead",
    }  # fmt: skip
    counts = []
    for number in range(4):
        with CaptureQueriesContext(connection) as queries:
            answer = client.post(reverse("contacts:contact_create"), data)
        assert answer.status_code == (409 if number else 303)
        counts.append(len(queries))
        make_contact("Bob", "Harrington", phone="+491701234567", team=team)
    assert max(counts) <= 25, counts
    assert counts[1] == counts[3], counts
