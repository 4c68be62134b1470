from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from analytics.dashboard.kpis import deals_text
from analytics.tests.factories import make_buyer
from analytics.tests.selectors.dashboard.test_agreement import decided_deal
from analytics.tests.selectors.test_metrics import make_metric
from contacts.models import Contact, Segment
from core.models import Team
from core.tests.factories import make_role, make_team, make_user
from marketing.models import Campaign, Variant
from sales.models import Quota
from sales.tests.factories import make_deal

pytestmark = pytest.mark.django_db
URL = "/analytics/?period=quarter&at=2026-10-01"


def client_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def fill(times: int, team: Team | None = None) -> None:
    """Some of everything, in the scope of `team`."""
    for number in range(times):
        owner = make_user("sales", team=team)
        decided_deal("Won", "2026-10-05", "100", owner=owner)
        decided_deal("Lost", f"2026-1{number % 3}-06", "50", owner=owner)
        decided_deal("Won", "2026-07-05", "100", owner=owner)
        make_deal(["Prospecting", "Proposal", "Negotiation"][number % 3], "1000", owner=owner)
        Quota.objects.create(user=owner, period="month", starts_on="2026-10-01", amount=50, currency="EUR")
        make_metric(make_buyer(owner=owner, team=team), 0.9)
        campaign = Campaign.objects.create(
            name="Autumn", state="finished", segment=Segment.objects.create(name="All"),
            launched_at=datetime(2026, 10, 9, tzinfo=UTC), owner=owner, team=team,
        )  # fmt: skip
        Variant.objects.create(campaign=campaign, subject="News", text="Hello")


def test_dashboard_shows_every_tile_with_links():
    fill(2)
    html = client_of(make_user(is_superuser=True)).get(URL).content.decode()
    for words in (
        "Closed won",
        "Win rate",
        "Open pipeline",
        "Sales cycle",
        "New contacts",
        "Contacts at risk",
    ):
        assert words in html
    for heading in (
        "Closed-won revenue",
        "Needs attention",
        "Pipeline by stage",
        "Team in Q4 2026",
        "Campaigns",
    ):
        assert heading in html
    assert "€200" in html
    assert "Amounts in EUR" in html
    links = re.findall(r'href="(/[^"#]*\?[^"]*)"', html)
    assert any("closed__between=2026-10-01%2C2026-12-31" in link for link in links)


def test_every_link_of_the_dashboard_answers():
    fill(1)
    client = client_of(make_user(is_superuser=True))
    html = client.get(URL).content.decode()
    main = html.partition('<div class="dashboard">')[2].partition("</main>")[0]
    links = {link.replace("&amp;", "&") for link in re.findall(r'href="(/[^"#]*)"', main)}
    assert len(links) > 10
    for link in sorted(links):
        assert client.get(link).status_code == 200, link


@pytest.mark.parametrize("role", ["admin", "manager"])
def test_dashboard_costs_the_same_queries_with_more_rows_and_at_most_25(role):
    team = make_team()
    client = client_of(make_user(role, team=team))
    counts = []
    fill(1, team)
    client.get(URL)  # what is loaded once for each process
    for times in (0, 2):
        fill(times, team)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(URL).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1]
    assert counts[0] <= 25


def test_dashboard_leads_to_the_latest_won_deals_when_there_are_none():
    decided_deal("Won", "2017-12-30", "100")
    html = client_of(make_user(is_superuser=True)).get(URL).content.decode()
    assert "the latest won deals are from Q4 2017" in html
    assert "period=quarter&amp;at=2017-10-01" in html


def test_dashboard_switches_periods_by_url():
    decided_deal("Won", "2026-10-05", "100")
    client = client_of(make_user(is_superuser=True))
    month = client.get("/analytics/?period=month&at=2026-10-31").content.decode()
    assert "1 Oct – 31 Oct 2026" in month
    assert 'aria-current="page">Month' in month
    assert client.get("/analytics/?period=nonsense&at=never").status_code == 200


def test_dashboard_needs_the_capability():
    assert client_of(make_user(make_role(contact="view:all"))).get(URL).status_code == 403
    assert Client().get(URL).status_code == 302
    assert Contact.objects.count() == 0


def test_dashboard_of_an_empty_installation_says_so():
    html = client_of(make_user("manager")).get(URL).content.decode()
    assert "No open deals." in html
    assert "Nobody has decided deals in this period." in html


def test_counts_of_deals_are_grouped_and_agree_in_number() -> None:
    assert [deals_text(number) for number in (0, 1, 12345)] == ["0 deals", "1 deal", "12,345 deals"]
