"""Every number of the dashboard equals the list it opens: the same rows, counted by that list's own page."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db.models import Sum
from django.http import QueryDict
from django.urls import resolve
from django.utils import timezone

from analytics.dashboard.page import dashboard_of
from analytics.periods import Period, period_of
from analytics.selectors.dashboard.attention import warnings
from analytics.selectors.dashboard.campaigns import campaign_results
from analytics.selectors.dashboard.customers import count_new_contacts, new_contacts, risk_lines
from analytics.selectors.dashboard.decided import decided_by_month, decided_in, won_in
from analytics.selectors.dashboard.people import people_lines
from analytics.selectors.dashboard.pipeline import OPEN_DEALS, open_pipeline
from analytics.selectors.dashboard.targets import targets_in
from analytics.selectors.dashboard.tickets import OPEN_TICKETS, OVERDUE_TICKETS, ticket_counts
from analytics.tests.factories import make_buyer
from analytics.tests.selectors.test_metrics import make_metric
from contacts.models import Contact
from core.conditions.rows_links import RowsLink
from core.tests.factories import make_team, make_user
from core.ui.list_query import ListQuery
from core.ui.lists import page_for
from marketing.models import Engagement, Recipient
from marketing.selectors.results import results_of
from marketing.tests.factories import make_campaign, make_person
from sales.models import Deal, Quota
from sales.tests.factories import make_deal
from service.enums import TicketStatus
from service.models import Ticket
from service.tests.factories import make_ticket

pytestmark = pytest.mark.django_db
Q4 = Period("quarter", datetime(2026, 10, 1).date())


def listed(link: RowsLink, user) -> list[int]:
    """The keys of all rows that the list page shows under the link's query string."""
    resolve(link.url().partition("?")[0])  # loads the list's page
    page = page_for(link.record_type)
    assert page is not None
    query = ListQuery(page, user, QueryDict(link.url().partition("?")[2]))
    assert not query.filterset.problems
    assert not query.filterset.unknown()
    return list(query.filtered().values_list("pk", flat=True))


def amount(ids: list[int]) -> Decimal:
    return Deal.objects.filter(pk__in=ids).aggregate(sum=Sum("base_amount"))["sum"] or Decimal(0)


def decided_deal(stage: str, closed: str, worth: str = "100", days: int = 10, **fields) -> Deal:
    deal = make_deal(stage, worth, **fields)
    at = datetime.fromisoformat(closed).replace(tzinfo=UTC)
    Deal.objects.filter(pk=deal.pk).update(closed_at=at, opened_at=at - timezone.timedelta(days=days))
    return deal


@pytest.fixture
def admin():
    return make_user(is_superuser=True)


@pytest.fixture
def deals():
    """Around the edges of the fourth quarter of 2026."""
    decided_deal("Won", "2026-09-30T23:59:59", "7")
    decided_deal("Won", "2026-10-01T00:00:00", "100.10", days=10)
    decided_deal("Won", "2026-12-31T23:59:59", "200.20", days=40)
    decided_deal("Lost", "2026-11-15T12:00:00", "999")
    decided_deal("Won", "2027-01-01T00:00:00", "31")
    make_deal("Prospecting", "1000")
    make_deal("Proposal", "2500.50")
    make_deal("Proposal", None)


def test_won_and_decided_equal_their_lists(admin, deals):
    decided = decided_by_month(admin, Q4).of(Q4.months)
    assert (decided.won, decided.lost, decided.amount) == (2, 1, Decimal("300.30"))
    assert decided.win_rate == pytest.approx(2 / 3)
    assert decided.cycle_days == pytest.approx(25.0)
    assert len(listed(won_in(Q4), admin)) == 2
    assert amount(listed(won_in(Q4), admin)) == decided.amount
    assert len(listed(decided_in(Q4), admin)) == 3
    before = decided_by_month(admin, Q4).of(Q4.previous.months)
    assert (before.won, before.amount) == (1, Decimal("7.00"))
    assert amount(listed(won_in(Q4.previous), admin)) == before.amount


def test_numbers_equal_their_lists_in_the_viewers_zone(admin, deals):
    with timezone.override("America/New_York"):
        decided = decided_by_month(admin, Q4).of(Q4.months)
        assert decided.amount == Decimal("231.20")  # without 1 October 00:00 UTC, with 1 January 00:00 UTC
        assert amount(listed(won_in(Q4), admin)) == decided.amount


def test_open_pipeline_equals_its_lists(admin, deals):
    pipeline = open_pipeline(admin, "EUR")
    assert [(stage.name, stage.deals, stage.amount) for stage in pipeline.stages] == [
        ("Prospecting", 1, Decimal("1000.00")),
        ("Proposal", 2, Decimal("2500.50")),
    ]
    assert (pipeline.deals, pipeline.amount) == (3, Decimal("3500.50"))
    assert amount(listed(OPEN_DEALS, admin)) == pipeline.amount
    for stage in pipeline.stages:
        ids = listed(stage.link, admin)
        assert (len(ids), amount(ids)) == (stage.deals, stage.amount)


def test_people_equal_their_lists(admin):
    first, second = make_user("sales", name="Ada"), make_user("sales", name="Ben")
    decided_deal("Won", "2026-10-05", "100", owner=first)
    decided_deal("Lost", "2026-10-06", "50", owner=first)
    decided_deal("Won", "2026-11-05", "300", owner=second)
    decided_deal("Lost", "2026-11-05", "300")
    Quota.objects.create(user=first, period="quarter", starts_on="2026-10-01", amount=400, currency="EUR")
    targets = targets_in(admin, Q4.start, Q4.months[-1], "EUR")
    lines = people_lines(admin, Q4, targets)
    assert [(line.name, line.amount, line.won, line.decided) for line in lines] == [
        ("Ben", Decimal("300.00"), 1, 1),
        ("Ada", Decimal("100.00"), 1, 2),
    ]
    assert [line.attainment for line in lines] == [None, 0.25]
    for line in lines:
        assert amount(listed(line.won_link, admin)) == line.amount
        assert len(listed(line.decided_link, admin)) == line.decided


def test_warnings_equal_their_lists(admin):
    make_deal("Prospecting", "10", expected_close=datetime(2020, 1, 1).date())
    make_deal("Prospecting", "20")
    decided_deal("Won", "2026-11-05", "300", expected_close=datetime(2020, 1, 1).date())
    found = {warning.link.params: warning for warning in warnings(admin)}
    assert found
    for warning in found.values():
        ids = listed(warning.link, admin)
        assert (len(ids), amount(ids)) == (warning.deals, warning.amount)
    assert any("close date in the past" in warning.text for warning in found.values())
    assert any("2 deals have no next step" in warning.text for warning in found.values())


def test_customers_equal_their_lists(admin):
    for churn, value in ((0.9, "10.50"), (0.61, "20"), (0.2, "99")):
        make_metric(make_buyer(), churn, lifetime_value=value)
    lines = {line.record_type: line for line in risk_lines(admin)}
    contacts = lines["contact"]
    assert (contacts.customers, contacts.value) == (2, Decimal("30.50"))
    assert len(listed(contacts.link, admin)) == 2
    assert lines["company"].customers == 0


def test_new_contacts_equal_their_list(admin):
    for day in ("2026-09-30T12:00", "2026-10-01T12:00", "2026-12-31T12:00", "2027-01-01T12:00"):
        contact = make_buyer()
        Contact.objects.filter(pk=contact.pk).update(
            created_at=datetime.fromisoformat(day).replace(tzinfo=UTC)
        )
    assert count_new_contacts(admin, Q4) == (2, 1)
    assert len(listed(new_contacts(Q4), admin)) == 2
    assert len(listed(new_contacts(Q4.previous), admin)) == 1


def test_tickets_equal_their_lists(admin):
    late, solved = make_ticket(), make_ticket()
    make_ticket()
    Ticket.objects.filter(pk=late.pk).update(next_due_at=datetime(2020, 1, 1, tzinfo=UTC))
    Ticket.objects.filter(pk=solved.pk).update(status=TicketStatus.SOLVED, solved_at=datetime.now(UTC))
    counts = ticket_counts(admin)
    assert counts is not None
    assert (counts.open, counts.overdue) == (2, 1)
    assert sorted(listed(OPEN_TICKETS, admin)) == sorted(
        Ticket.objects.exclude(pk=solved.pk).values_list("pk", flat=True)
    )
    assert listed(OVERDUE_TICKETS, admin) == [late.pk]


def test_campaigns_equal_their_list_and_their_own_page(admin):
    person, other = make_person(), make_person()
    campaign = make_campaign(person, other)
    make_campaign(person)  # a draft
    launched = datetime(2026, 10, 9, tzinfo=UTC)
    type(campaign).objects.filter(pk=campaign.pk).update(state="finished", launched_at=launched)
    variant = campaign.variants.get()
    lines = [
        Recipient.objects.create(
            campaign=campaign, variant=variant, contact=one, address=f"{one.pk}@example.org", state="sent"
        )
        for one in (person, other)
    ]
    for kind, evidence in (("open", "human"), ("open", "proxy"), ("click", "scanner")):
        Engagement.objects.create(campaign=campaign, recipient=lines[0], kind=kind, evidence=evidence)
    results = campaign_results(admin, Q4)
    (line,) = results.lines
    assert (line.sent, line.opened, line.clicked, line.unsubscribed) == (2, 1, 0, 0)
    assert (line.open_rate, line.click_rate) == (0.5, 0.0)
    assert listed(results.link, admin) == [campaign.pk]
    own = results_of(campaign)
    assert (line.opened, line.clicked) == (own["open"].people, own["click"].people)
    assert campaign_results(admin, Q4.previous).campaigns == 0


def test_a_manager_counts_the_own_teams_deals_only():
    mine, other = make_team(), make_team()
    manager = make_user("manager", team=mine)
    decided_deal("Won", "2026-10-05", "100", team=mine)
    decided_deal("Won", "2026-10-05", "1000", team=other)
    make_deal("Proposal", "30", team=mine)
    make_deal("Proposal", "3000", team=other)
    assert decided_by_month(manager, Q4).of(Q4.months).amount == Decimal("100.00")
    assert open_pipeline(manager, "EUR").amount == Decimal("30.00")
    assert amount(listed(won_in(Q4), manager)) == Decimal("100.00")
    kpis = {kpi.key: kpi for kpi in dashboard_of(manager, Q4).kpis}
    assert (kpis["won"].exact, kpis["pipeline"].exact) == ("€100", "€30")


def test_a_filter_that_is_not_there_never_counts_everything(admin):
    link = RowsLink.to("deal", no_such_filter="1")
    assert not link.usable(admin)
    with pytest.raises(ValueError, match="no_such_filter"):
        link.rows(admin)
    assert not RowsLink.to("no_such_type").usable(admin)


def test_tiles_of_what_the_viewer_may_not_see_are_left_out():
    viewer = make_user("")
    dashboard = dashboard_of(viewer, period_of("quarter", ""))
    assert dashboard.kpis == []
    assert (dashboard.revenue, dashboard.people, dashboard.campaigns) == (None, None, None)
