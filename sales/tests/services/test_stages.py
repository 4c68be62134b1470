"""Moving deals: the matrix of transitions, what each leaves behind, and who may."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from contacts.models import Company, Contact, TimelineEntry
from core.models import ExchangeRate, OutboxEvent
from core.services.base import NotAllowed, StaleRecord
from core.tests.factories import make_team, make_user
from sales.models import Deal, DealStageChange
from sales.services.deals import create_deal, update_deal
from sales.services.stages import lose_deal, move_deal, reopen_deal, win_deal
from sales.tests.factories import make_deal, stage_named

pytestmark = pytest.mark.django_db

MATRIX = {
    ("Prospecting", "Negotiation"): "open",
    ("Negotiation", "Prospecting"): "open",
    ("Prospecting", "Won"): "won",
    ("Prospecting", "Lost"): "lost",
    ("Won", "Engaging"): "open",
    ("Lost", "Engaging"): "open",
    ("Won", "Lost"): None,
    ("Lost", "Won"): None,
}


@pytest.mark.parametrize(("way", "status"), MATRIX.items())
def test_move_follows_the_matrix(way: tuple[str, str], status: str | None) -> None:
    deal = make_deal(way[0])
    if status is None:
        with pytest.raises(ValidationError) as refusal:
            move_deal(actor=None, deal=deal, stage=stage_named(way[1]), reason="price")
        assert list(refusal.value.message_dict) == ["stage"]
        assert Deal.objects.get().stage.name == way[0]
        assert DealStageChange.objects.count() == 1
        return
    moved = move_deal(actor=None, deal=deal, stage=stage_named(way[1]), reason="price")
    assert (moved.stage.name, moved.status) == (way[1], status)
    assert (moved.closed_at is None) == (status == "open")
    assert list(deal.stage_changes.order_by("pk").values_list("from_stage__name", "to_stage__name")) == [
        (None, way[0]),
        way,
    ]


def test_move_to_the_same_stage_changes_nothing() -> None:
    deal = make_deal("Engaging")
    moved = move_deal(actor=None, deal=deal, stage=deal.stage)
    assert moved.version == deal.version
    assert deal.stage_changes.count() == 1


def test_move_takes_the_probability_and_counts_the_days() -> None:
    deal = make_deal("Engaging", opened_at=timezone.now() - timedelta(days=3))
    moved = move_deal(actor=None, deal=deal, stage=stage_named("Proposal"))
    assert moved.probability == 50
    step = deal.stage_changes.latest("pk")
    assert step.days_in_stage is not None
    assert round(step.days_in_stage, 1) == Decimal("3.0")


def test_lose_needs_a_known_reason() -> None:
    deal = make_deal("Engaging")
    with pytest.raises(ValidationError) as missing:
        lose_deal(actor=None, deal=deal, reason="")
    with pytest.raises(ValidationError) as unknown:
        lose_deal(actor=None, deal=deal, reason="bad karma")
    assert list(missing.value.message_dict) == list(unknown.value.message_dict) == ["lost_reason"]
    lost = lose_deal(actor=None, deal=deal, reason="price", note="Ten percent too dear.")
    assert (lost.status, lost.lost_reason, lost.close_note) == ("lost", "price", "Ten percent too dear.")
    assert lost.probability == 0


def test_win_reckons_the_amount_at_the_closing_date() -> None:
    ExchangeRate.objects.create(currency="USD", date=date(2020, 1, 1), rate=Decimal("0.5"))
    ExchangeRate.objects.create(currency="USD", date=date(2025, 3, 1), rate=Decimal("0.9"))
    ExchangeRate.objects.create(currency="USD", date=date(2025, 4, 1), rate=Decimal("0.8"))
    deal = make_deal("Negotiation", "1000", currency="USD")
    assert (deal.base_amount, deal.rate_to_base) == (Decimal("800.00"), Decimal("0.8"))
    won = win_deal(actor=None, deal=deal, at=datetime(2025, 3, 31, 12, tzinfo=UTC))
    assert (won.base_amount, won.rate_to_base, won.rate_date) == (
        Decimal("900.00"),
        Decimal("0.9"),
        date(2025, 3, 31),
    )
    reopened = reopen_deal(actor=None, deal=won)
    assert (reopened.stage.name, reopened.base_amount) == ("Negotiation", Decimal("800.00"))


def test_win_in_the_future_is_refused() -> None:
    deal = make_deal()
    with pytest.raises(ValidationError) as refusal:
        win_deal(actor=None, deal=deal, at=timezone.now() + timedelta(days=1))
    assert list(refusal.value.message_dict) == ["closed_at"]
    assert Deal.objects.get().status == "open"


def test_win_makes_customers_and_is_told_to_all_people() -> None:
    company = Company.objects.create(name="Lumen")
    partner = Company.objects.create(name="Partner", kind="partner")
    buyer, user = Contact.objects.create(name="Buyer"), Contact.objects.create(name="User")
    deal = make_deal(company=company, contact=buyer, contacts=[(user, "user")])
    win_deal(actor=None, deal=make_deal(company=partner))
    assert set(Contact.objects.values_list("lifecycle_stage", flat=True)) == {"opportunity"}
    win_deal(actor=None, deal=deal)
    assert set(Contact.objects.values_list("lifecycle_stage", flat=True)) == {"customer"}
    assert list(Company.objects.order_by("pk").values_list("kind", flat=True)) == ["customer", "partner"]
    told = TimelineEntry.objects.filter(kind="deal.won", object_id=deal.pk).order_by("pk")
    assert list(told.values_list("contact_id", "company_id")) == [
        (buyer.pk, company.pk),
        (user.pk, None),
    ]


def test_move_by_two_people_is_refused_to_the_later() -> None:
    deal = make_deal()
    move_deal(actor=None, deal=deal, stage=stage_named("Engaging"), expected_version=deal.version)
    with pytest.raises(StaleRecord):
        move_deal(actor=None, deal=deal, stage=stage_named("Proposal"), expected_version=deal.version)
    assert Deal.objects.get().stage.name == "Engaging"


def test_move_out_of_scope_is_refused() -> None:
    north, south = make_team("North"), make_team("South")
    mine, other = make_user("sales", north), make_user("sales", south)
    deal = make_deal(owner=other)
    assert deal.team == south
    with pytest.raises(NotAllowed):
        move_deal(actor=mine, deal=deal, stage=stage_named("Engaging"))
    assert Deal.objects.get().stage.name == "Prospecting"
    moved = move_deal(actor=other, deal=deal, stage=stage_named("Engaging"))
    assert deal.stage_changes.latest("pk").actor == other
    assert moved.stage.name == "Engaging"


def test_create_links_only_what_the_writer_sees() -> None:
    mine = make_user("manager", make_team("North"))
    hidden = Company.objects.create(name="Elsewhere", team=make_team("South"))
    with pytest.raises(ValidationError) as refusal:
        create_deal(actor=mine, name="Deal", company=hidden)
    assert list(refusal.value.message_dict) == ["company"]
    assert Deal.objects.count() == 0


def test_create_decided_deal_has_its_own_dates() -> None:
    opened, closed = datetime(2017, 1, 2, tzinfo=UTC), datetime(2017, 3, 1, tzinfo=UTC)
    deal = make_deal(
        "Won", "1054", opened_at=opened, closed_at=closed, contact=Contact.objects.create(name="A")
    )
    assert (deal.status, deal.opened_at, deal.closed_at) == ("won", opened, closed)
    assert list(TimelineEntry.objects.order_by("occurred_at").values_list("kind", "occurred_at")) == [
        ("deal.created", opened),
        ("deal.won", closed),
    ]


def test_update_revalues_only_when_the_amount_changes() -> None:
    deal = make_deal(amount="1000")
    renamed = update_deal(actor=None, deal=deal, name="  Étude ")
    assert (renamed.name, renamed.sort_name, renamed.base_amount) == ("Étude", "etude", Decimal("1000.00"))
    dearer = update_deal(actor=None, deal=renamed, amount=Decimal("1234.565"))
    assert (dearer.amount, dearer.base_amount) == (Decimal("1234.57"), Decimal("1234.57"))
    unknown = update_deal(actor=None, deal=dearer, amount=None)
    assert (unknown.amount, unknown.base_amount) == (None, Decimal("0.00"))


def test_update_without_a_rate_names_the_currency() -> None:
    deal = make_deal(amount="1000")
    with pytest.raises(ValidationError) as refusal:
        update_deal(actor=None, deal=deal, currency="CHF")
    assert list(refusal.value.message_dict) == ["currency"]


def test_move_publishes_for_subscribers_only() -> None:
    make_deal()
    assert OutboxEvent.objects.filter(name="sales.deal_created").count() == 0
