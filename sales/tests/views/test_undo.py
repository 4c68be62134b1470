"""What is undone leaves nothing behind: no stage, no step of the way, no line on anybody's timeline."""

import json
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from contacts.models import Contact, TimelineEntry
from core.models import User
from core.tests.factories import make_team, make_user
from sales.models import Deal, DealStageChange
from sales.services.deals import update_deal
from sales.tests.factories import make_deal, make_pipeline, stage_named

pytestmark = pytest.mark.django_db
FRAGMENT = {"HX-Request": "true"}
BOARD = "/sales/deals/board/"


@pytest.fixture
def seller(client: Client) -> User:
    make_pipeline()
    user = make_user("sales", make_team("North"))
    client.force_login(user)
    return user


def moved(client: Client, deal: Deal, stage: str) -> str:
    """Move the card on the board; returns where its undo is posted to."""
    body = {"id": deal.pk, "to": stage_named(stage).pk, "before_id": "", "version": deal.version}
    answer = client.post(BOARD, body, headers=FRAGMENT)
    assert answer.status_code == 200, answer.content
    url: str = json.loads(answer["HX-Trigger"])["toast"]["undo_url"]
    return url


def state(deal: Deal) -> tuple[Any, ...]:
    lines = TimelineEntry.objects.order_by("pk").values_list("kind", "dedupe_key")
    return Deal.objects.get(pk=deal.pk).stage_id, DealStageChange.objects.count(), list(lines)


def test_an_undone_move_leaves_no_line_on_the_timeline(client: Client, seller: User) -> None:
    deal = make_deal("Prospecting", owner=seller, contact=Contact.objects.create(name="Amara", owner=seller))
    before = state(deal)
    undo = moved(client, deal, "Engaging")
    assert state(deal)[2][-1][0] == "deal.moved"
    assert client.post(undo).status_code == 303
    assert state(deal) == before


def test_what_somebody_moved_on_keeps_its_lines(client: Client, seller: User) -> None:
    deal = make_deal("Prospecting", owner=seller, contact=Contact.objects.create(name="Amara", owner=seller))
    undo = moved(client, deal, "Engaging")
    moved(client, Deal.objects.get(pk=deal.pk), "Prospecting")
    before = state(deal)
    client.post(undo)
    assert state(deal)[2] == before[2]


def test_an_undone_move_takes_back_its_own_lines_only(client: Client, seller: User) -> None:
    deal = make_deal("Prospecting", owner=seller, contact=Contact.objects.create(name="Amara", owner=seller))
    undo = moved(client, deal, "Engaging")
    update_deal(actor=seller, deal=Deal.objects.get(pk=deal.pk), amount=Decimal(12))
    other = make_deal("Prospecting", owner=seller, contact=deal.contact)
    moved(client, other, "Engaging")
    client.post(undo)
    kinds = list(TimelineEntry.objects.filter(kind="deal.moved").values_list("object_id", flat=True))
    assert kinds == [other.pk]
