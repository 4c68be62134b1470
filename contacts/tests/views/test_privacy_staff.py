"""Pages for colleagues: suppressed addresses, wordings, legal holds and the privacy settings."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from contacts.models import LegalHold, PrivacyRequest, PrivacySettings, Suppression, TimelineEntry, Wording
from contacts.services.consents import record_consent, suppress
from contacts.services.holds import active_hold, place_hold
from contacts.services.privacy import erase_contact
from contacts.services.requests import open_request
from contacts.services.suppressions import import_suppressions
from contacts.services.wordings import ensure_wordings, wording_in_force
from contacts.tests.factories import make_contact
from core.models import Change
from core.tests.factories import make_team, make_user

pytestmark = pytest.mark.django_db
SUPPRESSIONS, HOLDS, WORDINGS = (
    "/contacts/suppressions/",
    "/contacts/privacy/holds/",
    "/contacts/privacy/wordings/",
)


_numbers = iter(range(1, 1000))


def client_of(role: str) -> Client:
    client = Client()
    client.force_login(make_user(role, make_team(f"Team {next(_numbers)}")))
    return client


def entry(address: str = "ada@example.org", cause: str = "unsubscribed", **values: Any) -> Suppression:
    return suppress(actor=None, address=address, cause=cause, **values)


def test_list_shows_reason_and_source_and_no_digest() -> None:
    entry(source="Phone", note="Asked us to stop")
    erase_contact(actor=None, contact=make_contact(email="gone@example.org"))
    page = client_of("marketing").get(SUPPRESSIONS).content.decode()
    for words in ("ada@example.org", "Phone", "Asked us to stop", "Unsubscribed", "An erased person"):
        assert words in page
    assert "erased:" not in page
    found = client_of("marketing").get(f"{SUPPRESSIONS}?cause=erased").content.decode()
    assert "ada@example.org" not in found


def test_list_costs_the_same_for_one_and_three(django_assert_num_queries: Any) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client, counts = client_of("marketing"), []
    client.get(SUPPRESSIONS)
    for addresses in (["a@example.org"], ["b@example.org", "c@example.org"]):
        for one in addresses:
            entry(one)
        with CaptureQueriesContext(
            connection,
        ) as caught:
            client.get(SUPPRESSIONS)
        counts.append(len(caught))
    assert counts[0] == counts[1]


def test_address_is_left_alone_and_told() -> None:
    client = client_of("marketing")
    answer = client.post(f"{SUPPRESSIONS}new/", {"address": "no address", "reach": "all", "cause": "manual"})
    assert answer.status_code == 422
    assert "no address" in answer.content.decode()
    values = {
        "address": "Ada@Example.org",
        "reach": "all",
        "cause": "manual",
        "note": "Letter",
        "source": "Post",
    }
    assert client.post(f"{SUPPRESSIONS}new/", values).status_code == 303
    row = Suppression.objects.get()
    assert (row.address, row.reach, row.note, row.source) == ("ada@example.org", "all", "Letter", "Post")
    assert client.post(f"{SUPPRESSIONS}new/", {**values, "cause": "erased"}).status_code == 422


def test_lifting_needs_a_reason_that_stays() -> None:
    contact, row = make_contact(email="ada@example.org"), entry()
    client = client_of("marketing")
    assert client.post(f"{SUPPRESSIONS}{row.pk}/lift/", {"reason": " "}).status_code == 422
    assert client.post(f"{SUPPRESSIONS}{row.pk}/lift/", {"reason": "Asked on the phone"}).status_code == 303
    assert not Suppression.objects.exists()
    line = TimelineEntry.objects.get(contact=contact, kind="contact.suppression_lifted")
    assert (line.title, line.data["cause"]) == ("Asked on the phone", "unsubscribed")
    kept = Change.objects.filter(model__label="contacts.Suppression", op="D").get().before
    assert (kept["address"], kept["note"]) == ("ada@example.org", "Asked on the phone")


def test_erased_entry_is_not_lifted_here() -> None:
    erase_contact(actor=None, contact=make_contact(email="gone@example.org"))
    row = Suppression.objects.get()
    client = client_of("admin")
    assert "digest" in client.get(f"{SUPPRESSIONS}{row.pk}/").content.decode()
    assert client.post(f"{SUPPRESSIONS}{row.pk}/lift/", {"reason": "because"}).status_code == 422
    assert Suppression.objects.exists()


def test_who_may_only_read_is_offered_nothing_else() -> None:
    row, client = entry(), client_of("sales")
    assert "/lift/" not in client.get(f"{SUPPRESSIONS}{row.pk}/").content.decode()
    assert client.post(f"{SUPPRESSIONS}{row.pk}/lift/", {"reason": "x"}).status_code == 403
    assert client.get(f"{SUPPRESSIONS}import/").status_code == 403
    assert Suppression.objects.exists()


LIST = b"E-mail;Name\r\nada@example.org;Ada\r\nbob@example.org\r\nnobody\r\n\r\nnot@an@address\r\nADA@example.org\r\n"


def test_list_is_brought_in_and_each_line_has_a_fate() -> None:
    entry("bob@example.org", note="known")
    client = client_of("marketing")
    upload = SimpleUploadedFile("leavers.csv", LIST)
    values = {"file": upload, "reach": "marketing", "cause": "unsubscribed", "source": "Old newsletter"}
    page = client.post(f"{SUPPRESSIONS}import/", values)
    assert page.status_code == 200
    text = page.content.decode()
    for words in ("1 address is left alone now", "1 was on the list already", "2 lines hold no address",
                  "line 4", "line 6"):  # fmt: skip
        assert words in text
    rows = Suppression.objects.order_by("address").values_list("address", "source", "note")
    assert list(rows) == [("ada@example.org", "Old newsletter", ""), ("bob@example.org", "", "known")]
    assert client.post(f"{SUPPRESSIONS}import/", {"reach": "all", "cause": "manual"}).status_code == 422


def test_ten_thousand_addresses_cost_few_statements(django_assert_max_num_queries: Any) -> None:
    text = "\n".join(f"p{n}@example.org" for n in range(3000))
    with django_assert_max_num_queries(12):
        outcome = import_suppressions(actor=None, text=text)
    assert (outcome.added, outcome.known, outcome.wrong) == (3000, 0, [])


def test_wordings_show_what_is_in_force_and_who_agreed() -> None:
    ensure_wordings()
    english = wording_in_force("marketing", "en")
    record_consent(
        actor=None, contact=make_contact(), state="granted", source="Fair", wording_version=english
    )
    client = client_of("marketing")
    assert "1 agreed to it" in client.get(WORDINGS).content.decode()
    assert client.post(f"{WORDINGS}marketing/new/", {"text_en": " "}).status_code == 422
    answer = client.post(f"{WORDINGS}marketing/new/", {"text_en": "Yes, write to me.", "text_ar": "نعم"})
    assert answer.status_code == 303
    newest = {code: wording_in_force("marketing", code) for code in ("en", "de", "ar")}
    assert [(code, one.version) for code, one in newest.items() if one] == [("en", 2), ("de", 1), ("ar", 2)]
    assert Wording.objects.filter(key="marketing").count() == 5
    page = client.get(WORDINGS).content.decode()
    assert "Yes, write to me." in page
    assert "2 older versions" in page
    assert client.get(f"{WORDINGS}nothing/new/").status_code == 404
    assert client_of("service").get(f"{WORDINGS}marketing/new/").status_code == 403


def test_hold_is_placed_shown_with_what_it_blocks_and_lifted() -> None:
    contact, client = make_contact("Ada", "Byron"), client_of("admin")
    assert client.post(HOLDS, {"contact": contact.pk, "reason": ""}).status_code == 422
    assert client.post(HOLDS, {"contact": contact.pk, "reason": "Tax audit"}).status_code == 303
    request = open_request(actor=None, kind="erasure", contact=contact)
    page = client.get(HOLDS).content.decode()
    for words in ("Ada Byron", "Tax audit", "in force", f"/contacts/privacy/{request.pk}/"):
        assert words in page
    hold = LegalHold.objects.get()
    assert client.post(f"{HOLDS}{hold.pk}/lift/").status_code == 303
    assert active_hold(contact.pk) is None
    assert "ended" in client.get(HOLDS).content.decode()
    assert client.post(f"{HOLDS}{hold.pk + 1}/lift/").status_code == 404


@pytest.mark.parametrize("role", ["manager", "sales", "marketing"])
def test_holds_and_settings_are_for_privacy_officers(role: str) -> None:
    client = client_of(role)
    hold = place_hold(actor=None, contact=make_contact(), reason="Audit")
    for url in (HOLDS, "/contacts/privacy/settings/"):
        assert client.get(url).status_code == 403
        assert client.post(url, {"erase_on_request": "on"}).status_code == 403
    assert client.post(f"{HOLDS}{hold.pk}/lift/").status_code == 403
    assert not PrivacySettings.objects.exists()


def test_erasing_at_once_is_decided_in_the_product() -> None:
    client, url = client_of("admin"), "/contacts/privacy/settings/"
    assert client.get(url).status_code == 200
    assert client.post(url, {"erase_on_request": "on"}).status_code == 303
    assert "checked" in client.get(url).content.decode()
    assert Change.objects.filter(model__label="contacts.PrivacySettings").exists()
    client.post(url, {})
    assert PrivacySettings.objects.get().erase_on_request is False
    assert PrivacyRequest.objects.count() == 0
