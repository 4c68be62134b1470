"""The pages of the person behind a record: what each strength of link opens, and what nobody learns."""

import io
import json
import re
import zipfile
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from contacts.models import Consent, Contact, OptIn, PrivacyRequest, Suppression
from contacts.person_links import confirm_token, footer_token
from contacts.services.merging import merge_records
from contacts.services.opt_ins import ask_to_opt_in
from contacts.services.person_mails import owner_url
from contacts.services.privacy import erase_contact
from contacts.services.privacy_settings import save_privacy_settings
from contacts.services.wordings import ensure_wordings
from contacts.tests.factories import make_contact
from core.jobs.running import run
from core.models import Change, Job
from core.tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def strict() -> Client:
    """Demands the CSRF token only where a browser would have one: forms are fetched first."""
    return Client()


def centre(contact: Contact) -> str:
    return reverse("preferences:centre", args=[footer_token(contact.pk)])


def own(contact: Contact) -> str:
    """The path of the owner's link."""
    return "/p/" + owner_url(contact.points.get(kind="email")).rpartition("/p/")[2]


def ada(**values: Any) -> Contact:
    return make_contact("Ada", "Byron", email="ada@example.org", phone="+442079460958", **values)


def test_opening_the_centre_writes_nothing(strict: Client) -> None:
    contact = ada()
    before = Change.objects.count()
    page = strict.get(centre(contact))
    assert page.status_code == 200
    assert Change.objects.count() == before
    assert "a…@example.org" in page.content.decode()
    assert "no-store" in page["Cache-Control"]


def test_footer_link_tells_nothing_about_the_person(strict: Client) -> None:
    contact = ada(job_title="Analyst", city="London")
    text = strict.get(centre(contact)).content.decode()
    for secret in ("Byron", "Ada", "ada@example.org", "7946", "Analyst", "London"):
        assert secret not in text
    token = footer_token(contact.pk)
    for name in ("data", "erase"):
        assert strict.get(reverse(f"preferences:{name}", args=[token])).status_code == 303
    for name in ("data", "download", "erase"):
        answer = strict.post(reverse(f"preferences:{name}", args=[token]), {"sure": "yes"})
        assert (answer.status_code, answer["Location"]) == (303, centre(contact))
    contact.refresh_from_db()
    assert contact.name == "Ada Byron"
    assert not PrivacyRequest.objects.exists()


def test_choice_is_written_with_source_and_words(strict: Client) -> None:
    ensure_wordings()
    contact = ada()
    answer = strict.post(
        centre(contact) + "?lang=de",
        {"topic": ["marketing"], "channel": ["phone"], "frequency": "monthly", "pause": "4"},
    )
    assert (answer.status_code, answer["Location"]) == (303, centre(contact) + "?said=saved")
    assert sorted(Consent.objects.values_list("channel", "state", "wording_version__language")) == [
        ("email", "granted", "de"),
        ("phone", "granted", "de"),
    ]
    assert contact.preference.frequency == "monthly"
    cause = Change.objects.order_by("-pk").first()
    assert cause is not None
    page = strict.get(centre(contact)).content.decode()
    assert 'value="monthly" id="frequency-monthly" checked' in page


def test_stop_is_one_click(strict: Client) -> None:
    contact = ada()
    strict.post(centre(contact), {"do": "stop"})
    assert Suppression.objects.get().address == "ada@example.org"
    assert Consent.objects.get().state == "withdrawn"


def test_nonsense_answers_422_and_changes_nothing(strict: Client) -> None:
    contact = ada()
    assert strict.post(centre(contact), {"frequency": "hourly"}).status_code == 422
    assert strict.post(centre(contact), {"pause": "x"}).status_code == 422
    assert not Consent.objects.exists()


def test_owner_sees_and_corrects(strict: Client) -> None:
    contact = ada(source="Fair 2026")
    url = own(contact) + "data/"
    page = strict.get(url).content.decode()
    assert 'value="Byron"' in page
    assert "Fair 2026" in page
    form = {"first_name": "Ada", "last_name": "Lovelace", "email": "ada@example.org", "country": "gbr"}
    refused = strict.post(url, form)
    assert refused.status_code == 422
    assert 'value="Lovelace"' in refused.content.decode()
    form |= {"country": "gb", "phone": "+442079460958"}
    assert strict.post(url, form)["Location"].endswith("?said=applied")
    contact.refresh_from_db()
    assert (contact.name, contact.country) == ("Ada Lovelace", "GB")
    assert PrivacyRequest.objects.get().changes["applied"] == ["country", "last_name"]


def test_owner_downloads_everything(strict: Client) -> None:
    contact = ada(description="=HYPERLINK(1)")
    answer = strict.post(own(contact) + "download/")
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    data = json.loads(archive.read("data.json"))["data"]
    assert data["contacts.Contact"][0]["last_name"] == "Byron"
    lines = archive.read("csv/contacts.contact.csv").decode("utf-8-sig").splitlines()
    assert "'=HYPERLINK(1)" in lines[1]
    assert PrivacyRequest.objects.get().state == "done"


@pytest.mark.parametrize("at_once", [False, True])
def test_owner_is_erased_after_saying_so(strict: Client, at_once: bool) -> None:
    save_privacy_settings(actor=None, erase_on_request=at_once)
    contact = ada()
    url = own(contact) + "erase/"
    assert strict.get(url).status_code == 200
    assert strict.post(url).status_code == 422
    assert strict.post(url, {"sure": "yes"}).status_code == 200
    contact.refresh_from_db()
    assert (contact.name == "") is at_once
    assert strict.get(centre(contact)).status_code == (410 if at_once else 200)


def test_address_shared_by_two_opens_no_data(strict: Client) -> None:
    contact = ada()
    make_contact("Bob", "Byron", email="ada@example.org")
    url = own(contact)
    assert "Ada" not in strict.get(url).content.decode()
    assert strict.get(url + "data/").status_code == 303
    assert strict.post(url + "download/")["Content-Type"].startswith("text/html")
    assert strict.post(url + "erase/", {"sure": "yes"}).status_code == 200
    assert sorted(PrivacyRequest.objects.values_list("kind", "state")) == [
        ("access", "open"),
        ("erasure", "open"),
    ]


def test_link_ends_with_the_day_and_with_the_address(strict: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    contact = ada()
    url = own(contact)
    assert strict.get(url).status_code == 200
    contact.points.filter(kind="email").update(normalised="new@example.org")
    assert strict.get(url).status_code == 404
    contact.points.filter(kind="email").update(normalised="ada@example.org")
    monkeypatch.setattr("contacts.selectors.person.time.time", lambda: 4_000_000_000)
    assert strict.get(url).status_code == 410


def test_half_a_link_leads_to_a_whole_one(strict: Client) -> None:
    broken = strict.get(own(ada())[:-4] + "/")
    assert broken.status_code == 404
    assert "This link is damaged" in broken.content.decode()
    assert 'href="/p/"' in broken.content.decode()
    confirming = strict.get("/p/confirm/1.abcdefghijklmnopqrstuv/")
    assert confirming.status_code == 404
    assert 'href="/p/subscribe/"' in confirming.content.decode()


def test_forged_links_are_not_found(strict: Client) -> None:
    contact, other = ada(), make_contact(email="bob@example.org")
    token = footer_token(contact.pk)
    owner = own(contact).split("/")[2]
    for forged in (
        f"{other.pk}.{token.partition('.')[2]}",
        token + "x",
        owner.replace(str(contact.pk), str(other.pk), 1),
        owner[:-1] + ("A" if owner[-1] != "A" else "B"),
    ):
        assert strict.get(f"/p/{forged}/").status_code in (404, 410)
        assert strict.post(f"/p/{forged}/", {"do": "stop"}).status_code in (404, 410)
    assert not Suppression.objects.exists()


def test_asking_for_a_link_tells_nobody_who_is_known(strict: Client, mailoutbox: list[Any]) -> None:
    ada()
    erase_contact(actor=None, contact=make_contact(email="gone@example.org"))
    Job.objects.all().delete()
    answers = [
        re.sub(rb'data-csrf="[^"]*"', b"", strict.post("/p/", {"address": address}).content)
        for address in ("ada@example.org", "nobody@example.org", "gone@example.org")
    ]
    assert answers[0] == answers[1] == answers[2]
    jobs = list(Job.objects.order_by("pk"))
    assert [len(job.params["points"]) for job in jobs] == [1, 0, 0]
    assert "@" not in json.dumps([job.params for job in jobs])
    for job in jobs:
        run(job.pk)
    (mail,) = mailoutbox
    assert mail.to == ["ada@example.org"]
    assert strict.get("/p/" + mail.body.split("/p/")[1].split()[0]).status_code == 200


def test_mails_to_one_address_are_limited(strict: Client) -> None:
    ada()
    for _time in range(6):
        strict.post("/p/", {"address": "ada@example.org"})
    assert Job.objects.filter(kind="contacts.send_link").count() == 3
    for number in range(12):
        last = strict.post("/p/", {"address": f"x{number}@example.org"})
    assert last.status_code == 429


def test_robots_are_thanked_and_ignored(strict: Client) -> None:
    values = {"address": "ann@example.org", "purposes": ["marketing"], "website": "x"}
    assert strict.post("/p/subscribe/", values).status_code == 200
    assert not OptIn.objects.exists()


def test_subscribing_asks_and_confirming_is_a_post(strict: Client) -> None:
    strict.post("/p/subscribe/", {"address": "ann@example.org", "purposes": ["marketing"]})
    request = OptIn.objects.get()
    url = reverse("preferences:confirm", args=[confirm_token(request.pk, request.nonce)])
    assert strict.get(url).status_code == 200
    assert not Contact.objects.exists()
    assert strict.post(url)["Location"].endswith("?said=confirmed")
    assert Contact.objects.get().lifecycle_stage == "subscriber"
    forged = reverse("preferences:confirm", args=[confirm_token(request.pk, "other")])
    assert strict.post(forged).status_code == 404


def test_what_the_person_writes_is_nobody_elses(client: Client) -> None:
    """A colleague who is signed in on the same browser is not the one who opted out."""
    client.force_login(make_user("sales"))
    contact = ada()
    client.post(centre(contact), {"do": "stop"})
    assert Consent.objects.get().actor is None


def test_pages_speak_the_languages(strict: Client) -> None:
    contact = ada()
    german = strict.get(centre(contact) + "?lang=de").content.decode()
    assert '<html lang="de"' in german
    assert "Ihre Einstellungen" in german
    arabic = strict.get(centre(contact) + "?lang=ar").content.decode()
    assert 'dir="rtl"' in arabic
    assert "تفضيلاتك" in arabic


def test_language_is_the_one_that_the_person_is_written_to_in_until_another_is_chosen(strict: Client) -> None:
    contact = ada(language="de")
    strict.defaults["HTTP_ACCEPT_LANGUAGE"] = "en-US,en"
    assert '<html lang="de"' in strict.get(centre(contact)).content.decode()
    assert '<html lang="ar"' in strict.get(centre(contact) + "?lang=ar").content.decode()
    assert '<html lang="ar"' in strict.get(centre(contact)).content.decode(), "the choice is remembered"
    unknown = make_contact(email="bob@example.org", language="tlh")
    strict.cookies.clear()
    assert '<html lang="en"' in strict.get(centre(unknown)).content.decode()


def test_old_links_of_a_merged_person_open_the_record_that_lives(strict: Client) -> None:
    """Mails that were sent before the merge keep their promise; what is chosen counts for the person."""
    kept = ada()
    merged = make_contact("A.", "Byron", email="old@example.org")
    footer, owner = centre(merged), own(merged)
    merge_records(actor=None, record_type="contact", ids=[kept.pk, merged.pk])
    assert "@example.org" in strict.get(footer).content.decode()
    page = strict.get(owner.rstrip("/") + "/data/").content.decode()
    assert 'value="Ada"' in page
    assert strict.post(footer, {"topic": ["marketing"]}).status_code == 303
    assert Consent.objects.get().contact == kept
    assert strict.post(footer, {"do": "stop"}).status_code == 303
    refused = set(Suppression.objects.values_list("address", flat=True))
    assert refused == {"ada@example.org", "old@example.org"}


def test_person_without_an_address_is_promised_no_mail(strict: Client) -> None:
    contact = make_contact()
    page = strict.get(centre(contact)).content.decode()
    assert "We have no e-mail address of you." in page
    assert "Send me that link" not in page
    assert strict.post(centre(contact), {"channel": ["post"], "frequency": "monthly"}).status_code == 303
    assert list(Consent.objects.values_list("channel", "state")) == [("post", "granted")]
    assert strict.post(centre(contact), {"do": "stop"}).status_code == 303
    assert not Suppression.objects.exists()


def test_link_of_an_erased_person_says_that_it_has_ended(strict: Client) -> None:
    contact = ada()
    footer, owner = centre(contact), own(contact)
    erase_contact(actor=None, contact=contact)
    for url in (footer, owner):
        page = strict.get(url)
        assert page.status_code == 410
        assert "Byron" not in page.content.decode()
        assert strict.post(url, {"topic": ["marketing"]}).status_code == 410
    assert not Consent.objects.exists()


def test_queries_do_not_grow_with_the_ledger(strict: Client, django_assert_num_queries: Any) -> None:
    contact = ada()
    for _time in range(3):
        strict.post(centre(contact), {"topic": ["marketing"]})
        strict.post(centre(contact), {})
    with django_assert_num_queries(8):
        strict.get(centre(contact))


def test_unconfirmed_request_asks_again_with_the_same_link() -> None:
    first = ask_to_opt_in(actor=None, address="a@example.org", purposes=["marketing"], source="x")
    second = ask_to_opt_in(actor=None, address="a@example.org", purposes=["marketing"], source="x")
    assert first is not None
    assert second is not None
    assert first.nonce == second.nonce
