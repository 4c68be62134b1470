"""The pages of merging."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from contacts.models import Contact, MergeLog
from contacts.services.duplicate_scans import compare_here
from contacts.services.merging import merge_records
from contacts.services.parties import update_contact
from contacts.tests.factories import make_activity, make_company, make_contact
from core.models import User
from core.tests.factories import make_role, make_team, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def seller(client: Client) -> User:
    user = make_user("sales", make_team("North"))
    client.force_login(user)
    return user


def page(*records: Any) -> str:
    ids = ",".join(str(one.pk) for one in records)
    return f"{reverse(f'contacts:{records[0].record_type}_merge')}?ids={ids}"


def form_of(response: Any) -> dict[str, str]:
    """What the page would send as it stands."""
    context = response.context
    data = {"ids": context["ids"], "versions": context["versions"]}
    data["survivor"] = str(context["comparison"].columns[0].record.pk)
    for row in context["comparison"].rows:
        chosen = next((option.record.pk for option in row.options if option.chosen), "")
        data[f"field-{row.name}"] = str(chosen)
    return data


def test_the_page_proposes_and_merges_what_was_chosen(client: Client, seller: User) -> None:
    one = make_contact("J.", "Doe", owner=seller, city="Leeds", email="j@example.org")
    two = make_contact("Jane", "Doe", owner=seller, city="York", country="GB", email="jane@example.org")
    shown = client.get(page(one, two))
    comparison = shown.context["comparison"]
    assert [column.record.pk for column in comparison.columns] == [two.pk, one.pk]
    assert {row.name for row in comparison.rows} >= {"first_name", "city", "email"}
    assert {row.name for row in comparison.same} >= {"last_name", "country"}
    data = form_of(shown) | {"field-city": str(one.pk), "survivor": str(one.pk)}
    done = client.post(reverse("contacts:contact_merge"), data)
    assert (done.status_code, done["Location"]) == (303, reverse("contacts:contact_detail", args=[one.pk]))
    one.refresh_from_db()
    assert (one.name, one.city, one.country) == ("Jane Doe", "Leeds", "GB")
    assert MergeLog.objects.get().actor == seller
    assert "2 records are one now" in client.get(done["Location"]).content.decode()


def test_the_page_says_what_hangs_on_each_in_scope(client: Client, seller: User) -> None:
    used, idle = make_contact("Jane", "Doe", owner=seller), make_contact("J.", "Doe", owner=seller)
    make_activity("call", contact=used, owner=seller)
    make_activity("call", contact=used, owner=seller)
    columns = client.get(page(used, idle)).context["comparison"].columns
    said = {column.record.pk: column.belongings for column in columns}
    assert said == {used.pk: [("Activities", 2)], idle.pk: []}


def test_companies_have_the_same_page(client: Client, seller: User) -> None:
    one, two = make_company("Acme", owner=seller), make_company("ACME Inc.", owner=seller)
    client.post(reverse("contacts:company_merge"), form_of(client.get(page(one, two))))
    assert MergeLog.objects.get().record_type == "company"


def test_the_bulk_action_of_the_list_leads_to_the_page(client: Client, seller: User) -> None:
    one, two = make_contact(owner=seller), make_contact(owner=seller)
    answer = client.post(
        reverse("contacts:contact_list"), {"action": "merge", "ids": [str(one.pk), str(two.pk)]}
    )
    assert (answer.status_code, answer["Location"]) == (303, page(one, two))
    none = client.get(f"{reverse('contacts:contact_merge')}?ids=")
    assert (none.status_code, none["Location"]) == (303, reverse("contacts:contact_list"))


def test_a_record_that_changed_meanwhile_is_shown_again(client: Client, seller: User) -> None:
    one, two = make_contact(owner=seller), make_contact(owner=seller)
    data = form_of(client.get(page(one, two)))
    update_contact(actor=None, contact=one, changes={"city": "Leeds"})
    again = client.post(reverse("contacts:contact_merge"), data)
    assert again.status_code == 409
    assert not MergeLog.objects.exists()


def test_old_ids_on_the_page_lead_to_the_live_records(client: Client, seller: User) -> None:
    one, two, three = (make_contact(owner=seller) for _ in range(3))
    merge_records(actor=None, record_type="contact", ids=[one.pk, two.pk])
    shown = client.get(page(two, three))
    assert {column.record.pk for column in shown.context["comparison"].columns} == {one.pk, three.pk}


def test_out_of_scope_is_unknown_and_not_allowed_is_said(client: Client, seller: User) -> None:
    mine, foreign = make_contact(owner=seller), make_contact("Secret", owner=make_user("sales", make_team()))
    assert client.get(page(mine, foreign)).status_code == 404
    viewer = make_user(make_role("viewer", contact="view:all,change:own,delete:own"), make_team())
    client.force_login(viewer)
    assert client.get(page(mine, foreign)).status_code == 403
    refused = client.post(reverse("contacts:contact_merge"), {"ids": f"{mine.pk},{foreign.pk}"})
    assert refused.status_code == 403
    assert not MergeLog.objects.exists()


def test_hidden_and_read_only_fields_are_neither_shown_nor_taken(client: Client) -> None:
    role = make_role("narrow", contact="view:all,change:all,delete:all")
    role.grants.update(hidden_fields=["source", "email"], read_only_fields=["city"])
    client.force_login(make_user(role, make_team()))
    one = make_contact(source="Canary-1", city="Leeds", email="canary@example.org")
    two = make_contact(source="Canary-2", city="York", email="canary2@example.org")
    text = client.get(page(one, two)).content.decode().lower()
    assert "canary" not in text
    data = {"ids": f"{one.pk},{two.pk}", "survivor": str(one.pk), "field-city": str(two.pk)}
    assert client.post(reverse("contacts:contact_merge"), data).status_code == 422
    log = merge_records(actor=None, record_type="contact", ids=[one.pk, two.pk])
    update_contact(actor=None, contact=Contact.objects.get(pk=one.pk), changes={"source": "Canary-3"})
    assert (
        "canary" not in client.get(reverse("contacts:merge_detail", args=[log.pk])).content.decode().lower()
    )


def test_a_merge_is_listed_shown_and_undone_with_what_was_decided(client: Client, seller: User) -> None:
    one, two = make_contact(owner=seller, city=""), make_contact("Bea", owner=seller, city="Leeds")
    log = merge_records(actor=seller, record_type="contact", ids=[one.pk, two.pk])
    update_contact(actor=None, contact=Contact.objects.get(pk=one.pk), changes={"city": "York"})
    since = make_activity(contact=one, owner=seller, subject="Called back")
    listed = client.get(reverse("contacts:merge_list"))
    assert [(row.pk, names) for row, names in listed.context["rows"]] == [(log.pk, (str(one), [str(two)]))]
    url = reverse("contacts:merge_detail", args=[log.pk])
    shown = client.get(url)
    assert [(c.name, c.before, c.merged, c.now) for c in shown.context["changed"]] == [
        ("city", "", "Leeds", "York")
    ]
    assert [w.title for w in shown.context["written"]] == ["Called back"]
    assert Contact.all_objects.get(pk=two.pk).deleted_at is not None  # looking undoes nothing
    data = {"field-city": "before", f"row-contacts.Activity:{since.pk}": str(two.pk)}
    assert client.post(url, data).status_code == 303
    since.refresh_from_db()
    one.refresh_from_db()
    assert (one.city, since.contact_id) == ("", two.pk)
    assert client.post(url).status_code == 409
    assert client.get(url).status_code == 200


def test_edits_that_the_merge_has_nothing_to_do_with_are_shown_and_stay(client: Client, seller: User) -> None:
    one, two = make_contact(owner=seller, city="Leeds"), make_contact("Bea", owner=seller)
    log = merge_records(actor=seller, record_type="contact", ids=[one.pk, two.pk])
    for city in ("York", "Hull"):
        update_contact(actor=seller, contact=Contact.objects.get(pk=one.pk), changes={"city": city})
    url = reverse("contacts:merge_detail", args=[log.pk])
    edited = client.get(url).context["edited"]
    assert [(item.label, item.before, item.now) for item in edited] == [("City", "Leeds", "Hull")]
    client.post(url)
    assert Contact.objects.get(pk=one.pk).city == "Hull"


def test_edits_of_hidden_fields_are_not_shown(client: Client) -> None:
    role = make_role("narrow", contact="view:all,change:all,delete:all")
    role.grants.update(hidden_fields=["source"])
    client.force_login(make_user(role, make_team()))
    one, two = make_contact(city="Leeds"), make_contact("Bea")
    log = merge_records(actor=None, record_type="contact", ids=[one.pk, two.pk])
    update_contact(actor=None, contact=Contact.objects.get(pk=one.pk), changes={"source": "Canary"})
    shown = client.get(reverse("contacts:merge_detail", args=[log.pk]))
    assert shown.context["edited"] == []


def test_a_merge_out_of_scope_is_unknown(client: Client, seller: User) -> None:
    one, two = make_contact("Secret", owner=make_user("sales", make_team())), make_contact()
    log = merge_records(actor=None, record_type="contact", ids=[one.pk, two.pk])
    url = reverse("contacts:merge_detail", args=[log.pk])
    assert (client.get(url).status_code, client.post(url).status_code) == (404, 404)
    assert "Secret" not in client.get(reverse("contacts:merge_list")).content.decode()
    client.force_login(make_user("readonly", make_team()))
    assert client.get(url).status_code == 200
    assert client.post(url).status_code == 403
    log.refresh_from_db()
    assert log.undone_at is None


@pytest.mark.parametrize("number", [1, 3])
def test_lists_and_pages_cost_the_same_for_one_and_many(
    client: Client, seller: User, django_assert_max_num_queries: Any, number: int
) -> None:
    for _ in range(number):
        one, two = make_contact(owner=seller), make_contact(owner=seller)
        merge_records(actor=seller, record_type="contact", ids=[one.pk, two.pk])
    with django_assert_max_num_queries(30) as seen:
        client.get(reverse("contacts:merge_list"))
    counts = COUNTS.setdefault("list", set())
    counts.add(len(seen))
    people = [make_contact(owner=seller, email=f"{number}-{n}@example.org") for n in range(number + 1)]
    with django_assert_max_num_queries(40) as seen:
        client.get(page(*people))
    COUNTS.setdefault("page", set()).add(len(seen))
    assert all(len(found) == 1 for found in COUNTS.values())


COUNTS: dict[str, set[int]] = {}


def test_the_other_record_is_chosen_by_search(client: Client, seller: User) -> None:
    one = make_contact("Ada", "Byron", owner=seller)
    two = make_contact("Ada", "Lovelace", owner=seller)
    hidden = make_contact("Ada", "Hidden", owner=make_user("sales", make_team("South")))
    start = client.get(f"{reverse('contacts:contact_merge')}?ids={one.pk}")
    text = start.content.decode()
    assert start.status_code == 200
    assert "Merge Ada Byron with" in text
    found = client.get(
        f"{reverse('contacts:contact_merge')}?ids={one.pk}&q=Ada", headers={"HX-Request": "true"}
    )
    text = found.content.decode()
    assert f"?ids={one.pk},{two.pk}" in text
    assert f",{hidden.pk}" not in text
    assert f",{one.pk}" not in text
    assert "<html" not in text


def test_what_looks_like_it_is_offered_first(client: Client, seller: User) -> None:
    one = make_contact("Robert", "Harrington", owner=seller, phone="+4917012345678")
    two = make_contact("Bob", "Harrington", owner=seller, phone="+4917012345678")
    compare_here(actor=None)
    text = client.get(f"{reverse('contacts:contact_merge')}?ids={one.pk}").content.decode()
    assert f"?ids={one.pk},{two.pk}" in text
    assert "Bob is short for Robert" in text


def test_menu_and_palette_lead_to_the_choice_for_who_may(client: Client, seller: User) -> None:
    one = make_contact(owner=seller)
    wanted = f"{reverse('contacts:contact_merge')}?ids={one.pk}"
    palette = f"{reverse('core:palette')}?here=contact:{one.pk}&q=merge"
    page = reverse("contacts:contact_detail", args=[one.pk])
    assert wanted in client.get(page).content.decode()
    assert wanted in client.get(palette).content.decode()
    client.force_login(make_user("readonly", seller.team))
    assert wanted not in client.get(page).content.decode()
    assert wanted not in client.get(palette).content.decode()
