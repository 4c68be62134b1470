"""Countries and languages are chosen by name on every form; what a record holds already stays."""

import pytest
from django.test import Client
from django.urls import reverse

from contacts.models import Contact
from contacts.tests.factories import make_contact
from core.tests.factories import make_user

pytestmark = pytest.mark.django_db


def signed_in() -> Client:
    client = Client()
    client.force_login(make_user("admin"))
    return client


def test_country_and_language_are_chosen_by_name() -> None:
    contact = make_contact("Ada", "Byron", country="GB", language="en")
    client, url = signed_in(), reverse("contacts:contact_update", args=[contact.pk])
    page = client.get(url).content.decode()
    assert '<option value="GB" selected>United Kingdom</option>' in page
    assert '<option value="en" selected>English</option>' in page
    data = {"first_name": "Ada", "last_name": "Byron", "lifecycle_stage": "lead", "version": contact.version}
    typed = {**data, "country": "Germany", "language": "German"}
    assert client.post(url, typed).status_code == 303
    contact.refresh_from_db()
    assert (contact.country, contact.language) == ("DE", "de")
    refused = client.post(url, {**data, "country": "Ge", "version": contact.version})
    assert refused.status_code == 303  # Georgia, by its code
    contact.refresh_from_db()
    wrong = client.post(url, {**data, "country": "Atlantis", "version": contact.version})
    assert wrong.status_code == 422
    contact.refresh_from_db()
    assert contact.country == "GE"


def test_code_that_came_in_otherwise_stays_when_something_else_is_changed() -> None:
    contact = make_contact("Ada", "Byron")
    Contact.objects.filter(pk=contact.pk).update(country="gb", language="tlh-x")
    client, url = signed_in(), reverse("contacts:contact_update", args=[contact.pk])
    page = client.get(url).content.decode()
    assert '<option value="gb" selected>United Kingdom</option>' in page
    data = {"first_name": "Ada", "last_name": "King", "lifecycle_stage": "lead", "version": contact.version}
    assert client.post(url, {**data, "country": "gb", "language": "tlh-x"}).status_code == 303
    contact.refresh_from_db()
    assert (contact.last_name, contact.country, contact.language) == ("King", "gb", "tlh-x")
