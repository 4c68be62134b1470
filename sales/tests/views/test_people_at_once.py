"""Two people change who takes part in a deal: the later one is shown both versions; nobody out of sight is named."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from contacts.tests.factories import make_contact
from contacts.tests.views.test_edits_at_once import button, version_in
from core.models import User
from core.tests.factories import make_role, make_user
from sales.models import Deal, DealContact
from sales.services.deal_contacts import add_deal_contact
from sales.tests.factories import make_deal

pytestmark = pytest.mark.django_db
FRAGMENT = {"HX-Request": "true", "X-Dialog": "dialog-1"}


@pytest.fixture
def person(client: Client) -> User:
    user = make_user("admin")
    client.force_login(user)
    return user


def form_of(deal: Deal, contact: Any = None) -> str:
    url = reverse("sales:deal_contact_add", args=[deal.pk])
    return f"{url}?contact={contact.pk}" if contact is not None else url


def role_of(link: DealContact) -> str:
    return DealContact.objects.get(pk=link.pk).role


def test_role_of_somebody_is_edited_and_a_later_save_is_refused_with_both(
    client: Client, person: User
) -> None:
    deal, contact = make_deal(contact=make_contact()), make_contact()
    link = add_deal_contact(actor=None, deal=deal, contact=contact, role="user")
    page = client.get(reverse("sales:deal_detail", args=[deal.pk])).content.decode()
    assert form_of(deal, contact) in page
    read = version_in(client.get(form_of(deal, contact), headers=FRAGMENT).content.decode())
    data = {"contact": contact.pk, "version": read}
    assert client.post(form_of(deal), {**data, "role": "champion"}, headers=FRAGMENT).status_code == 204
    assert role_of(link) == "champion"
    late = {**data, "role": "blocker"}
    refused = client.post(form_of(deal, contact), late, headers=FRAGMENT)
    html = refused.content.decode()
    assert refused.status_code == 409
    assert 'class="theirs">Champion<' in html and 'class="yours">Opponent<' in html
    assert role_of(link) == "champion"
    again = {**late, "version": version_in(html)}
    assert client.post(form_of(deal, contact), again, headers=FRAGMENT).status_code == 204
    assert role_of(link) == "blocker"


def test_two_who_put_the_same_person_on_the_deal_do_not_overwrite_each_other(
    client: Client, person: User
) -> None:
    deal, contact = make_deal(contact=make_contact()), make_contact()
    read = version_in(client.get(form_of(deal), headers=FRAGMENT).content.decode())
    assert read == "0"
    link = add_deal_contact(actor=None, deal=deal, contact=contact, role="champion")
    data = {"contact": contact.pk, "role": "user", "version": read}
    assert client.post(form_of(deal), data, headers=FRAGMENT).status_code == 409
    assert role_of(link) == "champion"
    newcomer = make_contact()
    assert client.post(form_of(deal), {**data, "contact": newcomer.pk}, headers=FRAGMENT).status_code == 204
    assert DealContact.objects.get(contact=newcomer).role == "user"


def test_somebody_whose_role_was_changed_is_taken_off_only_after_both_were_shown(
    client: Client, person: User
) -> None:
    deal, contact = make_deal(contact=make_contact()), make_contact("Ada", "Byron")
    add_deal_contact(actor=None, deal=deal, contact=contact, role="user")
    url = reverse("sales:deal_contact_remove", args=[deal.pk, contact.pk])
    shown = button(client.get(reverse("sales:deal_detail", args=[deal.pk])).content.decode(), url)
    add_deal_contact(actor=None, deal=deal, contact=contact, role="champion")
    refused = client.post(url, shown)
    html = refused.content.decode()
    assert refused.status_code == 409
    assert (
        re.search(r'class="theirs">Ada Byron, Champion<', html) and 'class="yours">Ada Byron, User<' in html
    )
    assert deal.deal_contacts.count() == 2
    assert client.post(url, {"version": version_in(html)}).status_code == 303
    assert deal.deal_contacts.count() == 1


def test_person_out_of_sight_is_neither_named_nor_taken_off(client: Client) -> None:
    user = make_user(make_role(deal="view:all,change:all", contact="view:own"))
    deal = make_deal(contact=make_contact("Hidden", "Person", owner=make_user()), owner=user)
    client.force_login(user)
    link = deal.deal_contacts.get()
    answer = client.post(reverse("sales:deal_contact_remove", args=[deal.pk, link.contact_id]))
    assert answer.status_code == 404
    assert "Hidden" not in answer.content.decode()
    assert deal.deal_contacts.count() == 1
    form = client.get(form_of(deal, link.contact)).content.decode()
    assert "Hidden" not in form


def test_words_about_winning_are_no_draft_about_losing(client: Client, person: User) -> None:
    deal, keys = make_deal(), []
    for name in ("deal_update", "deal_win", "deal_lose", "deal_move", "deal_step", "deal_contact_add"):
        html = client.get(reverse(f"sales:{name}", args=[deal.pk]), headers=FRAGMENT).content.decode()
        keys += re.findall(r'data-draft="([^"]+)"', html)
    assert len(keys) == len(set(keys)) == 6
