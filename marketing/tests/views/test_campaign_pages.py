"""Pages of campaigns: from the draft to the results, and who may do what."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags

from contacts.models import Contact
from core.models import User
from core.tests.factories import make_user
from local.mail_catcher import MailCatcher
from marketing.enums import CampaignState, RecipientState
from marketing.models import Campaign, Engagement, Recipient
from marketing.services.drain import drain
from marketing.services.launch import launch_campaign
from marketing.tests.factories import make_campaign, make_crowd, make_person, make_segment

pytestmark = pytest.mark.django_db


def _client(role: str) -> tuple[Client, User]:
    user = make_user(role)
    client = Client()
    client.force_login(user)
    return client, user


@pytest.fixture
def marketer() -> Client:
    return _client("marketing")[0]


def _form(segment: Any, **changes: str) -> dict[str, str]:
    return {
        "name": "Spring",
        "segment": str(segment.pk),
        "from_name": "Acme",
        "from_address": "news@acme.test",
        "subject": "Hello {{ first_name }}",
        "text": "Hi",
        "html": "",
        "consent_needed": "on",
        **changes,
    }


def test_campaign_is_created_edited_launched_and_sent(marketer: Client, catcher: MailCatcher) -> None:
    make_campaign(make_person())
    segment = make_segment(make_person("ann@example.org", first_name="Ann"))
    answer = marketer.post("/marketing/campaigns/new/", _form(segment))
    assert answer.status_code == 303
    campaign = Campaign.objects.get(name="Spring")
    url = f"/marketing/campaigns/{campaign.pk}/"
    assert answer["Location"] == url
    page = marketer.get(url).content.decode()
    assert "Send to 1 person" in page
    edited = _form(segment, text="Hi {{ first_name }}", version=str(campaign.version))
    assert marketer.post(url + "edit/", edited).status_code == 303
    assert campaign.variants.get().text == "Hi {{ first_name }}"
    assert marketer.post(url + "launch/").status_code == 303
    assert drain(campaign.pk).sent == 1
    page = marketer.get(url).content.decode()
    assert "1 of 1 dealt with" in page
    assert "hx-trigger" not in marketer.get(url + "progress/").content.decode()


def test_invalid_form_keeps_what_was_typed(marketer: Client) -> None:
    answer = marketer.post("/marketing/campaigns/new/", _form(make_segment(), from_address="no address"))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "no address" in page
    assert "Hello {{ first_name }}" in page
    assert not Campaign.objects.exists()


def test_stale_edit_shows_both_versions(marketer: Client) -> None:
    campaign = make_campaign(make_person())
    Campaign.objects.filter(pk=campaign.pk).update(name="Theirs", version=2)
    data = _form(campaign.segment, name="Mine", version="1")
    answer = marketer.post(f"/marketing/campaigns/{campaign.pk}/edit/", data)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Theirs" in page
    assert "Mine" in page


def test_problem_keeps_the_button_shut_and_is_named(marketer: Client) -> None:
    campaign = make_campaign(make_person(), text="{{ nonsense }}")
    page = marketer.get(f"/marketing/campaigns/{campaign.pk}/").content.decode()
    assert "there is no field “nonsense”" in page
    marketer.post(f"/marketing/campaigns/{campaign.pk}/launch/")
    campaign.refresh_from_db()
    assert campaign.state == CampaignState.DRAFT


def test_mail_to_many_asks_how_many_first(marketer: Client) -> None:
    campaign = make_campaign(*make_crowd(101))
    url = f"/marketing/campaigns/{campaign.pk}/launch/"
    asked, wrong = marketer.post(url), marketer.post(url, {"number": "11"})
    assert (asked.status_code, wrong.status_code) == (200, 422)
    assert ("Type 101 to send it" in asked.content.decode(), "This is not the number." in asked.content.decode()) == (
        True, False,
    )  # fmt: skip
    assert "This is not the number." in wrong.content.decode()
    campaign.refresh_from_db()
    assert campaign.state == CampaignState.DRAFT
    assert marketer.post(url, {"number": " 101 "}).status_code == 303
    campaign.refresh_from_db()
    assert campaign.state == CampaignState.SENDING


def test_pause_resume_and_stop_by_button(marketer: Client) -> None:
    campaign = make_campaign(make_person())
    launch_campaign(actor=None, campaign=campaign)
    url = f"/marketing/campaigns/{campaign.pk}/"
    for step, state in (("pause", "paused"), ("pause", "paused"), ("resume", "sending"), ("stop", "stopped")):
        assert marketer.post(f"{url}{step}/").status_code == 303
        campaign.refresh_from_db()
        assert campaign.state == state


def test_preview_is_alone_in_a_sandbox(marketer: Client) -> None:
    campaign = make_campaign(make_person())
    answer = marketer.get(f"/marketing/campaigns/{campaign.pk}/preview/")
    assert "Hi Ada" in answer.content.decode()
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "script-src" not in policy
    assert answer["X-Frame-Options"] == "SAMEORIGIN"


def test_test_mail_arrives_and_is_on_no_ledger(marketer: Client, catcher: MailCatcher) -> None:
    campaign = make_campaign(make_person())
    url = f"/marketing/campaigns/{campaign.pk}/test/"
    assert marketer.get(url).status_code == 200
    assert marketer.post(url, {"address": "me@example.org"}).status_code == 303
    (path,) = catcher.maildir.messages()
    assert b"X-Envelope-To: me@example.org" in path.read_bytes()
    assert campaign.recipients.count() == 0
    assert marketer.post(url, {"address": "nobody"}).status_code == 422


def test_test_mail_without_a_server_says_so(marketer: Client, settings: Any) -> None:
    settings.EMAIL_URL = "smtp://127.0.0.1:1"
    campaign = make_campaign(make_person())
    answer = marketer.post(f"/marketing/campaigns/{campaign.pk}/test/", {"address": "me@example.org"})
    assert answer.status_code == 422
    assert "can&#x27;t be reached" in answer.content.decode()


def test_unknown_line_is_shown_and_resolved(marketer: Client) -> None:
    campaign = make_campaign(make_person())
    launch_campaign(actor=None, campaign=campaign)
    campaign.recipients.update(state=RecipientState.UNKNOWN)
    line = campaign.recipients.get()
    url = f"/marketing/campaigns/{campaign.pk}/"
    assert "nobody knows whether the mail arrived" in marketer.get(url).content.decode()
    page = marketer.get(url + "recipients/?state=unknown").content.decode()
    assert "It arrived" in page
    assert marketer.post(f"{url}recipients/{line.pk}/", {"answer": "sent"}).status_code == 303
    line.refresh_from_db()
    assert line.state == RecipientState.SENT


@pytest.mark.parametrize("step", ["launch", "pause", "resume", "stop", "copy", "test", "edit"])
def test_reader_may_change_nothing(step: str) -> None:
    client, _user = _client("readonly")
    campaign = make_campaign(make_person())
    before = Campaign.objects.values().get(pk=campaign.pk)
    assert client.get(f"/marketing/campaigns/{campaign.pk}/").status_code == 200
    assert client.post(f"/marketing/campaigns/{campaign.pk}/{step}/").status_code == 403
    assert Campaign.objects.values().get(pk=campaign.pk) == before
    assert Campaign.objects.count() == 1
    assert campaign.recipients.count() == 0


def test_anonymous_is_sent_to_sign_in(client: Client) -> None:
    campaign = make_campaign(make_person())
    for path in ("", "preview/", "progress/", "recipients/", "edit/"):
        answer = client.get(f"/marketing/campaigns/{campaign.pk}/{path}")
        assert answer.status_code == 302
        assert "/accounts/login" in answer["Location"]


def test_recipients_list_only_people_in_the_viewers_scope() -> None:
    client, manager = _client("manager")
    mine, other = make_person(first_name="Mine"), make_person(first_name="Hidden")
    Contact.objects.filter(pk=mine.pk).update(owner=manager)
    campaign = make_campaign(mine, other)
    launch_campaign(actor=None, campaign=campaign)
    page = client.get(f"/marketing/campaigns/{campaign.pk}/recipients/").content.decode()
    assert "Mine" in page
    assert "Hidden" not in page


def _queries(client: Client, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert client.get(path).status_code == 200
    return len(seen)


def test_pages_cost_the_same_with_one_and_three_rows(marketer: Client) -> None:
    small, large = make_campaign(*make_crowd(1)), make_campaign(*make_crowd(3))
    for campaign in (small, large):
        launch_campaign(actor=None, campaign=campaign)
    for path in ("", "recipients/", "progress/"):
        one = _queries(marketer, f"/marketing/campaigns/{small.pk}/{path}")
        three = _queries(marketer, f"/marketing/campaigns/{large.pk}/{path}")
        assert one == three <= 25
    before = _queries(marketer, "/marketing/campaigns/")
    make_campaign(make_person())
    assert _queries(marketer, "/marketing/campaigns/") == before <= 25


def test_list_shows_what_came_of_each_campaign(marketer: Client) -> None:
    campaign, draft = make_campaign(*make_crowd(4), name="News"), make_campaign(name="Draft")
    launch_campaign(actor=None, campaign=campaign)
    lines = list(campaign.recipients.order_by("pk"))
    Recipient.objects.filter(pk__in=[line.pk for line in lines[:3]]).update(state=RecipientState.SENT)
    for line, kind, link, evidence in (
        (lines[0], "open", -1, "human"),
        (lines[1], "open", -1, "human"),
        (lines[2], "open", -1, "scanner"),
        (lines[0], "click", 0, "human"),
        (lines[0], "click", 1, "human"),
    ):
        Engagement.objects.create(recipient=line, campaign=campaign, kind=kind, link=link, evidence=evidence)
    page = marketer.get("/marketing/campaigns/").content.decode()
    rows = {pk: strip_tags(row) for pk, row in re.findall(r'<tr data-row="(\d+)">(.*?)</tr>', page)}
    assert "Sent 3 Opened 2 67%Clicked 1 33%" in rows[str(campaign.pk)]
    assert "%" not in rows[str(draft.pk)]
    file = marketer.get("/marketing/campaigns/?columns=name,sent,opened,clicked&format=csv")
    found = b"".join(file).decode().splitlines()[1:]  # type: ignore[call-overload]
    assert found == [f"{draft.pk},Draft,,,", f"{campaign.pk},News,3,2,1"]
