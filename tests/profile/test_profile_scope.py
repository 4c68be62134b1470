"""A profile counts what its viewer may see, hides what the role hides, and costs a fixed number of queries."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from contacts.models import Company, Contact
from contacts.profile.subject import subject_of
from contacts.tests.factories import make_activity, make_company, make_contact
from core.models import RoleGrant, User
from core.registries import profile
from core.tests.factories import make_role, make_team, make_user
from sales.tests.factories import make_deal, make_order
from service.tests.factories import make_ticket

pytestmark = pytest.mark.django_db
EVERYTHING = "view:own,add:own,change:own,delete:own,export:own"


def facts(record: Contact | Company, user: User) -> dict[str, Any]:
    return {a.question.key: a.facts for a in profile.answers(subject_of(record, user), user) if a.known}


@pytest.fixture
def owner() -> User:
    return make_user("sales", make_team("North"))


@pytest.fixture
def own_only() -> User:
    types = ("contact", "company", "order", "deal", "ticket", "activity", "campaign", "metric")
    return make_user(make_role("own-only", **dict.fromkeys(types, EVERYTHING)), make_team("South"))


def test_profile_counts_only_what_the_viewer_sees(owner: User, own_only: User) -> None:
    company = make_company("Mother", owner=own_only)
    child = make_company("Child", parent=company, owner=owner)
    make_company("Grandchild", parent=child, owner=own_only)
    for party, who in ((company, own_only), (child, owner)):
        make_order(company=party, owner=who)
        make_deal("Won", company=party, owner=who)
        make_ticket(company=party, owner=who)
        make_contact(company=party, owner=who)
    seen = facts(company, own_only)
    assert seen["kind"]["subsidiaries"] == 1
    assert seen["who"]["people"] == 1
    assert seen["frequency"]["purchases"] == 1
    assert (seen["reasons"]["won"], seen["cases"]["open"]) == (1, 1)
    everything = facts(company, make_user("admin", is_superuser=True))
    assert everything["kind"]["subsidiaries"] == 2
    assert everything["frequency"]["purchases"] == 2
    assert (everything["reasons"]["won"], everything["cases"]["open"]) == (2, 2)


def test_profile_hides_what_the_role_hides() -> None:
    role = make_role("partial", contact="view:all", order="view:all", deal="view:all")
    RoleGrant.objects.filter(role=role, record_type="order").update(hidden_fields=["total"])
    RoleGrant.objects.filter(role=role, record_type="deal").update(
        hidden_fields=["lost_reason", "close_note"]
    )
    RoleGrant.objects.filter(role=role, record_type="contact").update(
        hidden_fields=["city", "source", "job_title"]
    )
    user = make_user(role, make_team("North"))
    contact = make_contact(
        "Ada", "Byron", city="Leeds", country="GB", source="Fair", job_title="Buyer", external_id="K-1"
    )
    make_order(contact=contact)
    make_deal("Lost", contact=contact, close_note="Too dear")
    make_ticket(contact=contact)
    answers = {a.question.key: a for a in profile.answers(subject_of(contact, user), user)}
    known = {key for key, answer in answers.items() if answer.known}
    assert not known & {"order_size", "total", "work", "problems", "cases"}
    assert answers["where"].facts["city"] == ""
    assert answers["reasons"].facts["lost_reasons"] == {}
    text = " ".join(sentence for answer in answers.values() for sentence in answer.sentences)
    for secret in ("Leeds", "Fair", "Buyer", "Too dear", "100"):
        assert secret not in text
    assert answers["account"].facts["number"] == "K-1"


def test_profile_of_a_record_out_of_scope_is_not_there(client: Client, owner: User, own_only: User) -> None:
    contact, company = make_contact(owner=owner), make_company(owner=owner)
    client.force_login(own_only)
    for url in (
        reverse("contacts:contact_profile", args=[contact.pk]),
        reverse("contacts:company_profile", args=[company.pk]),
        f"/api/v1/contacts/{contact.pk}/profile/",
        f"/api/v1/companies/{company.pk}/profile/",
    ):
        assert client.get(url).status_code == 404
    client.force_login(make_user(make_role("nothing"), make_team("West")))
    assert client.get(reverse("contacts:contact_profile", args=[contact.pk])).status_code == 403
    assert client.get(f"/api/v1/contacts/{contact.pk}/profile/").status_code == 403


def test_a_hidden_company_of_a_person_is_not_told(owner: User, own_only: User) -> None:
    secret = make_company("Canary Ltd", owner=owner, industry="Spying", employees=7)
    contact = make_contact(owner=own_only, company=secret)
    seen = facts(contact, own_only)
    assert seen["kind"] == {"is": "person", "company": None}
    assert "size" not in seen
    assert "work" not in seen


@pytest.mark.parametrize("kind", ["contact", "company"])
def test_profile_costs_the_same_for_one_and_for_many(
    kind: str, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    admin = make_user("admin", is_superuser=True)
    company = make_company("Mother", external_id="1")
    contact = make_contact(company=company)
    party: Any = contact if kind == "contact" else company
    for number in range(3):
        child = make_company(parent=company)
        for _again in range(1 + number):
            make_order(contact=contact, company=child if number else company)
            make_deal("Won", contact=contact, company=child)
            make_ticket(contact=contact, company=child)
            make_activity("call", contact=contact, company=child, outcome="connected", direction="out")
    found = type(party).objects.get(pk=party.pk)
    profile.answers(subject_of(found, admin), admin)  # whatever is loaded once
    with django_assert_max_num_queries(25) as counted:
        profile.answers(subject_of(found, admin), admin)
    assert len(counted) <= 25, len(counted)


def test_profile_page_and_card_and_api_say_the_same(client: Client) -> None:
    client.force_login(make_user("admin", is_superuser=True))
    contact = make_contact("Ada", "Byron", external_id="K-7")
    make_order(contact=contact, total="250")
    url = reverse("contacts:contact_profile", args=[contact.pk])
    page = client.get(url).content.decode()
    card = client.get(url, headers={"HX-Request": "true"}).content.decode()
    answers = client.get(f"/api/v1/contacts/{contact.pk}/profile/").json()["answers"]
    assert page.count("data-question") == len(answers) == 19
    account = next(one for one in answers if one["question"] == "account")
    assert account["facts"]["number"] == "K-7"
    assert account["text"][0] in page and account["text"][0] in card
    season = next(one for one in answers if one["question"] == "season")
    assert (season["known"], season["text"], season["facts"], season["rows"]) == (False, [], {}, [])
    assert "it takes a year and 12 purchases" in page
    assert "it takes a year" not in card
