"""A stage of the history is put back by moving the deal: steps, timeline and totals follow."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from contacts.models import Contact, TimelineEntry
from core.history.selectors import history_of
from core.models import User
from core.tests.factories import make_team, make_user
from sales.models import Deal, DealStageChange
from sales.services.deals import update_deal
from sales.services.stages import lose_deal, move_deal, reopen_deal, win_deal
from sales.tests.factories import make_deal, make_pipeline, stage_named

pytestmark = pytest.mark.django_db


@pytest.fixture
def seller(client: Client) -> User:
    make_pipeline()
    user = make_user("sales", make_team("North"))
    client.force_login(user)
    return user


def history(client: Client, deal: Deal) -> str:
    return client.get(reverse("core:history", args=["deal", deal.pk])).content.decode()


def put_back(client: Client, deal: Deal, change: int) -> None:
    """Press the button of the change."""
    version = Deal.objects.get(pk=deal.pk).version
    url = reverse("core:put_back", args=["deal", deal.pk, change])
    assert client.post(url, {"version": version}).status_code == 303


def test_stage_is_put_back_as_a_move_of_its_own(client: Client, seller: User) -> None:
    deal = make_deal("Prospecting", owner=seller, contact=Contact.objects.create(name="Amara", owner=seller))
    move_deal(actor=None, deal=deal, stage=stage_named("Engaging"))
    change = history_of(Deal.objects.get(pk=deal.pk))[0].id
    put_back(client, deal, change)
    deal.refresh_from_db()
    assert deal.stage == stage_named("Prospecting")
    assert deal.probability == stage_named("Prospecting").probability
    step = DealStageChange.objects.filter(deal=deal).order_by("pk").last()
    assert step is not None
    assert (step.to_stage, step.actor) == (stage_named("Prospecting"), seller)
    last = TimelineEntry.objects.filter(kind="deal.moved").order_by("pk").last()
    assert last is not None
    assert last.data["to"] == "Prospecting"


def test_history_tells_moments_on_the_viewers_clock(client: Client, seller: User) -> None:
    User.objects.filter(pk=seller.pk).update(time_zone="Asia/Tokyo")
    deal = make_deal("Engaging", owner=seller)
    win_deal(actor=None, deal=deal, at=datetime(2026, 3, 1, 22, 5, tzinfo=UTC))
    update_deal(actor=None, deal=deal, expected_close=date(2026, 4, 9))
    page = history(client, deal)
    assert "2 Mar 2026, 07:05" in page
    assert "9 Apr 2026" in page
    assert "2026-03-01T22:05" not in page


def test_reopened_deal_is_lost_again_for_the_reason_that_it_had(client: Client, seller: User) -> None:
    deal = make_deal("Engaging", owner=seller)
    lose_deal(actor=None, deal=deal, reason="price", note="Too dear")
    reopen_deal(actor=None, deal=deal)
    change = history_of(Deal.objects.get(pk=deal.pk))[0].id
    put_back(client, deal, change)
    deal.refresh_from_db()
    assert (deal.status, deal.lost_reason, deal.close_note) == ("lost", "price", "Too dear")
    assert deal.closed_at is not None


def test_stage_that_the_deal_can_not_go_to_is_not_offered_and_the_page_says_why(
    client: Client, seller: User
) -> None:
    deal = make_deal("Engaging", owner=seller)
    lose_deal(actor=None, deal=deal, reason="price")
    reopened = reopen_deal(actor=None, deal=deal)
    change = history_of(reopened)[0].id
    win_deal(actor=None, deal=deal)
    page = history(client, deal)
    assert "The stage “Lost” can&#x27;t be put back while the deal is won: reopen it first." in page
    assert reverse("core:put_back", args=["deal", deal.pk, change]) not in page
    assert client.post(reverse("core:put_back", args=["deal", deal.pk, change])).status_code == 404
    deal.refresh_from_db()
    assert deal.status == "won"


def test_what_belongs_to_a_move_never_goes_back_alone(client: Client, seller: User) -> None:
    """Being won leaves a date and a reason; putting back the change reopens the deal instead of blanking them."""
    deal = make_deal("Engaging", owner=seller)
    win_deal(actor=None, deal=deal, reason="product")
    change = history_of(Deal.objects.get(pk=deal.pk))[0].id
    url = reverse("core:put_back", args=["deal", deal.pk, change])
    assert client.post(url, {"field": "closed_at"}).status_code == 404
    put_back(client, deal, change)
    deal.refresh_from_db()
    assert (deal.status, deal.stage, deal.closed_at) == ("open", stage_named("Engaging"), None)


def test_stage_is_not_put_back_by_whom_the_role_forbids_it_or_over_a_later_save(
    client: Client, seller: User
) -> None:
    deal = make_deal("Prospecting", owner=seller)
    move_deal(actor=None, deal=deal, stage=stage_named("Engaging"))
    change = history_of(Deal.objects.get(pk=deal.pk))[0].id
    url = reverse("core:put_back", args=["deal", deal.pk, change])
    read = Deal.objects.get(pk=deal.pk).version
    update_deal(actor=None, deal=deal, name="Renamed")
    assert client.post(url, {"version": read}).status_code == 303
    assert "Nothing was put back." in history(client, deal)
    seller.roles.get().grants.filter(record_type="deal").update(read_only_fields=["stage"])
    assert client.post(url).status_code == 404
    deal.refresh_from_db()
    assert deal.stage == stage_named("Engaging")


def test_reason_that_the_role_may_not_write_is_not_put_back(client: Client, seller: User) -> None:
    deal = make_deal("Engaging", owner=seller)
    lose_deal(actor=None, deal=deal, reason="price", note="Too dear")
    reopen_deal(actor=None, deal=deal)
    seller.roles.get().grants.filter(record_type="deal").update(
        read_only_fields=["lost_reason", "close_note"]
    )
    put_back(client, deal, history_of(Deal.objects.get(pk=deal.pk))[0].id)
    deal.refresh_from_db()
    assert (deal.status, deal.lost_reason, deal.close_note) == ("open", "", "")


def test_history_of_a_deal_that_moved_often_asks_no_more(client: Client, seller: User) -> None:
    """The stages before are named, offered to be put back or refused, all from one query."""
    once, often = make_deal("Prospecting", owner=seller), make_deal("Prospecting", owner=seller)
    for deal, moves in ((once, 2), (often, 20)):
        for number in range(moves):
            stage = stage_named("Prospecting" if number % 2 else "Engaging")
            Deal.objects.filter(pk=deal.pk).update(stage=stage, version=number + 2)
    history(client, once)
    asked = []
    for deal in (once, often):
        with CaptureQueriesContext(connection) as queries:
            history(client, deal)
        asked.append(len(queries))
    assert asked[0] == asked[1]
