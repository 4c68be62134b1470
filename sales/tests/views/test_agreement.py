"""Board, list and API say the same to the cent, in everybody's scope."""

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from core.models import ExchangeRate
from core.scope.access import profile_for
from core.tests.factories import make_team, make_user
from core.ui import markup
from sales.models import Deal
from sales.selectors.boards import board_columns
from sales.selectors.pipelines import stages_of
from sales.selectors.totals import totals_by_stage, totals_by_status, totals_of
from sales.tests.factories import make_deal, make_pipeline

pytestmark = pytest.mark.django_db


@pytest.fixture
def deals() -> dict[str, Any]:
    """Two teams; amounts that only come out right when they are rounded once."""
    ExchangeRate.objects.create(
        currency="USD", date=timezone.localdate() - timedelta(days=900), rate=Decimal("0.9137")
    )
    north, south = make_team("North"), make_team("South")
    anna, ben = make_user("sales", north), make_user("sales", south)
    for stage, amount in (("Prospecting", "10.01"), ("Engaging", "20.02"), ("Won", "1054"), ("Lost", "77")):
        make_deal(stage, amount, owner=anna)
        make_deal(stage, amount, owner=ben, currency="USD")
    make_deal("Engaging", None, owner=anna)
    return {"manager": make_user("manager", north), "admin": make_user("admin"), "anna": anna}


WANTED = {
    "manager": {"open": ("3", "30.03", "6.01"), "won": ("1", "1054.00"), "lost": ("1", "77.00")},
    "admin": {"open": ("5", "57.47", "11.49"), "won": ("2", "2017.04"), "lost": ("2", "147.35")},
}


@pytest.mark.parametrize("who", ["manager", "admin"])
def test_totals_are_the_same_everywhere(deals: dict[str, Any], client: Client, who: str) -> None:
    user = deals[who]
    client.force_login(user)
    api = client.get("/api/v1/deals/totals/").json()
    rows = Deal.objects.visible_to(user)
    stages = board_columns(rows, stages_of(make_pipeline()))
    by_status = totals_by_status(rows)
    for status, (count, amount, *weighted) in WANTED[who].items():
        assert (str(api[status]["count"]), api[status]["amount"]) == (count, amount)
        assert (str(by_status[status].count), str(by_status[status].amount)) == (count, amount)
        if weighted:
            assert api[status]["weighted"] == weighted[0]
        columns = [column for column in stages if column.stage.outcome == status]
        assert sum(column.totals.amount for column in columns) == Decimal(amount)
        assert sum(len(column.deals) for column in columns) == int(count)
        listed = client.get("/api/v1/deals/", {"status": status}).json()
        assert listed["count"] == int(count)
        assert sum(Decimal(deal["base_amount"]) for deal in listed["results"]) == Decimal(amount)
        page = client.get("/sales/deals/", {"status": status}).content.decode()
        assert f"<b>{markup.money(Decimal(amount), 'EUR')}</b>" in page
    board = client.get("/sales/deals/board/").content.decode()
    sums = re.findall(r'<span class="sum num"><b>(.*?)</b>', board)
    assert sums == [markup.money_text(column.totals.amount, "EUR") for column in stages]


def test_board_groups_the_thousands_of_its_counts(deals: dict[str, Any], client: Client) -> None:
    client.force_login(deals["admin"])
    Deal.objects.bulk_create(
        Deal(name="Many", stage=one.stage, pipeline=one.pipeline, owner=one.owner, team=one.team)
        for one in [Deal.objects.filter(status="open").select_related("stage", "pipeline").first()] * 1200
    )
    page = client.get("/sales/deals/board/").content.decode()
    assert re.search(r'class="count num">1,2\d\d<', page)
    assert re.search(r">1,2\d\d<.*?Open deals", page, re.DOTALL)


def test_totals_without_deals_are_zero(client: Client) -> None:
    make_pipeline()
    assert totals_of(Deal.objects.all()).to_json() == {
        "count": 0,
        "amount": "0.00",
        "weighted": "0.00",
        "currency": "EUR",
    }
    assert totals_by_stage(Deal.objects.all()) == {}


def test_hidden_amount_is_nowhere_on_the_pages(deals: dict[str, Any], client: Client) -> None:
    user = deals["manager"]
    grant = user.roles.get().grants.get(record_type="deal")
    grant.hidden_fields = ["amount"]
    grant.save()
    assert profile_for(user).hidden_fields("deal") == {"amount"}
    client.force_login(user)
    for url in ("/sales/deals/", "/sales/deals/board/", f"/sales/deals/{Deal.objects.first().pk}/"):
        page = client.get(url).content.decode()
        assert "1,054" not in page
        assert "10.01" not in page
    assert "amount" not in client.get("/api/v1/deals/").json()["results"][0]


def test_board_under_a_filter_adds_up_what_the_filter_leaves(deals: dict[str, Any], client: Client) -> None:
    client.force_login(deals["admin"])
    owner = deals["anna"].pk
    page = client.get("/sales/deals/board/", {"owner": owner}).content.decode()
    sums = re.findall(r'<span class="sum num"><b>(.*?)</b>', page)
    assert sums == ["€10.01", "€20.02", "€0", "€0", "€1,054", "€77"]
