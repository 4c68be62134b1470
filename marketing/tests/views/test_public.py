"""The addresses inside mails: no sign-in, no cookie, and nothing changes by looking."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from contacts.models import Suppression, TimelineEntry
from local.mail_catcher import MailCatcher
from marketing.enums import EngagementKind, Evidence
from marketing.models import Engagement, Recipient
from marketing.selectors.results import clicks_by_link, results_of
from marketing.services.drain import drain
from marketing.services.launch import launch_campaign
from marketing.services.messages import links
from marketing.tests.factories import make_campaign, make_person

pytestmark = pytest.mark.django_db
BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"


@pytest.fixture
def line() -> Recipient:
    campaign = make_campaign(make_person("ann@example.org"))
    launch_campaign(actor=None, campaign=campaign)
    return campaign.recipients.get()


@pytest.fixture
def strict() -> Client:
    """A client that checks CSRF as a real browser's request is checked."""
    return Client(enforce_csrf_checks=True)


def _path(url: str) -> str:
    return "/" + url.split("/", 3)[3]


def test_get_and_head_of_unsubscribe_change_nothing(strict: Client, line: Recipient) -> None:
    url = _path(links().unsubscribe(line.pk))
    page = strict.get(url)
    assert page.status_code == 200
    assert "a…@example.org" in page.content.decode()
    assert "ann@example.org" not in page.content.decode()
    assert strict.head(url).status_code == 200
    assert not Suppression.objects.exists()
    assert not Engagement.objects.exists()
    assert line.contact is not None
    assert line.contact.consents.count() == 1


def test_one_click_post_needs_no_cookie_and_opts_out(strict: Client, line: Recipient) -> None:
    url = _path(links().unsubscribe(line.pk))
    assert strict.post(url, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert list(Suppression.objects.values_list("address", "reach", "cause")) == [
        ("ann@example.org", "marketing", "unsubscribed")
    ]
    assert line.contact is not None
    newest = line.contact.consents.order_by("-pk").first()
    assert newest is not None
    assert (newest.state, newest.source) == ("withdrawn", "One-click unsubscribe")
    kinds = TimelineEntry.objects.filter(contact=line.contact).values_list("kind", flat=True)
    assert sorted(kinds) == ["campaign.unsubscribed", "contact.consent"]
    strict.post(url)
    assert Suppression.objects.count() == 1
    assert line.contact.consents.count() == 2
    assert drain(line.campaign_id).sent == 0


def test_unsubscribed_person_gets_no_later_campaign(strict: Client, line: Recipient) -> None:
    strict.post(_path(links().unsubscribe(line.pk)))
    assert line.contact is not None
    later = make_campaign(line.contact, make_person())
    assert launch_campaign(actor=None, campaign=later) == 1
    assert later.recipients.get(contact=line.contact).reason == "suppressed"


@pytest.mark.parametrize("change", ["x", "", "/../"])
def test_foreign_token_is_not_found(strict: Client, line: Recipient, change: str) -> None:
    token = links().unsubscribe(line.pk).rpartition("/")[2]
    tracking = links().tracking_base(line.pk).rpartition("/")[2]
    forged = f"{line.pk + 1}.{token.partition('.')[2]}{change}"
    for path in (f"/m/u/{forged}", f"/m/u/{tracking}", f"/m/t/{token}/o", f"/m/t/{token}/c/0"):
        assert strict.get(path).status_code == 404
        assert strict.post(path).status_code in (403, 404, 405)
    assert not Suppression.objects.exists()


def test_click_leads_to_the_campaigns_target_only(strict: Client, line: Recipient) -> None:
    base = _path(links().tracking_base(line.pk))
    answer = strict.get(f"{base}/c/0?url=https://evil.test", headers={"User-Agent": BROWSER})
    assert (answer.status_code, answer["Location"]) == (302, "https://shop.acme.test/news")
    assert strict.get(f"{base}/c/1").status_code == 404
    event = Engagement.objects.get()
    assert (event.kind, event.link, event.evidence, event.times) == ("click", 0, Evidence.HUMAN, 1)
    assert clicks_by_link(line.campaign) == [("https://shop.acme.test/news", 1, 0)]


def test_scanner_and_person_are_counted_apart_and_a_flood_makes_one_row(
    strict: Client, line: Recipient
) -> None:
    base = _path(links().tracking_base(line.pk))
    for _number in range(5):
        strict.get(f"{base}/c/0", headers={"User-Agent": "Barracuda Sentinel"})
        strict.get(f"{base}/o", headers={"User-Agent": "Mozilla/5.0"})
    strict.head(f"{base}/c/0", headers={"User-Agent": BROWSER})
    rows = Engagement.objects.order_by("kind").values_list("kind", "evidence", "times")
    assert list(rows) == [("click", "scanner", 6), ("open", "proxy", 5)]
    results = results_of(line.campaign)
    assert (results[EngagementKind.CLICK].people, results[EngagementKind.CLICK].by_machine) == (0, 1)
    strict.get(f"{base}/c/0", headers={"User-Agent": BROWSER})
    results = results_of(line.campaign)
    assert (results[EngagementKind.CLICK].people, results[EngagementKind.CLICK].by_machine) == (1, 0)


def test_pixel_is_a_picture_that_is_not_kept(strict: Client, line: Recipient) -> None:
    answer = strict.get(_path(links().tracking_base(line.pk)) + "/o", headers={"User-Agent": BROWSER})
    assert answer["Content-Type"] == "image/gif"
    assert "no-store" in answer["Cache-Control"]
    assert answer.content.startswith(b"GIF89a")


def test_links_of_a_received_mail_work(strict: Client, catcher: MailCatcher, line: Recipient) -> None:
    drain(line.campaign_id)
    (path,) = catcher.maildir.messages()
    raw = path.read_bytes().replace(b"=\r\n", b"").replace(b"=3D", b"=").decode()
    (click,) = set(re.findall(r'href="(http[^"]*/c/0)"', raw))
    assert strict.get(_path(click))["Location"] == "https://shop.acme.test/news"
    (header,) = re.findall(r"List-Unsubscribe: <([^>]*)>", raw)
    assert strict.get(_path(header)).status_code == 200


def test_test_mails_link_changes_nothing(strict: Client) -> None:
    page = strict.post(_path(links().unsubscribe(0)))
    assert page.status_code == 200
    assert "This was a test mail" in page.content.decode()
    assert not Suppression.objects.exists()
    assert strict.get(_path(links().tracking_base(0)) + "/o").status_code == 200


def test_each_class_of_evidence(strict: Client, line: Recipient, settings: Any) -> None:
    base = _path(links().tracking_base(line.pk))
    for agent in (BROWSER, "Mozilla/5.0", "GoogleImageProxy", "curl/8", "", "SomethingElse 1.0"):
        strict.get(f"{base}/o", headers={"User-Agent": agent})
    rows = Engagement.objects.order_by("evidence").values_list("evidence", "times")
    assert list(rows) == [("human", 1), ("proxy", 2), ("scanner", 1), ("unknown", 2)]
