"""Kept sums are what adding up says, whatever wrote the deals."""

from decimal import Decimal

import pytest
from django.db import connection

from core.history.undo import undo_changesets
from core.models import ChangeSet
from core.services.trash import delete_record, restore_record
from core.tests.factories import make_team, make_user
from sales.models import Deal, DealTally
from sales.selectors.totals import kept_totals_by_stage, totals_by_stage
from sales.services.deals import update_deal
from sales.services.stages import move_deal, win_deal
from sales.services.tallies import compact_tallies
from sales.tests.factories import make_deal, make_pipeline, stage_named

pytestmark = pytest.mark.django_db


def agree() -> dict[str, tuple[int, Decimal, Decimal]]:
    """The kept sums by stage name, after checking them against the deals."""
    pipeline, admin = make_pipeline(), make_user("admin")
    kept = kept_totals_by_stage(admin, pipeline.pk)
    assert kept == totals_by_stage(Deal.objects.filter(pipeline=pipeline))
    names = dict(pipeline.stages.values_list("pk", "name"))
    return {names[pk]: (t.count, t.amount, t.weighted) for pk, t in kept.items()}


def test_kept_sums_follow_every_service() -> None:
    first, second = make_deal("Engaging", "100.10"), make_deal("Engaging", "7")
    assert agree() == {"Engaging": (2, Decimal("107.10"), Decimal("26.78"))}
    move_deal(actor=None, deal=first, stage=stage_named("Proposal"))
    second = update_deal(actor=None, deal=second, amount=Decimal(9), owner=make_user("sales", make_team()))
    assert agree() == {
        "Engaging": (1, Decimal("9.00"), Decimal("2.25")),
        "Proposal": (1, Decimal("100.10"), Decimal("50.05")),
    }
    win_deal(actor=None, deal=first)
    delete_record(actor=None, record=second)
    assert agree() == {"Won": (1, Decimal("100.10"), Decimal("100.10"))}
    restore_record(actor=None, record=second)
    assert agree()["Engaging"] == (1, Decimal("9.00"), Decimal("2.25"))


def test_kept_sums_follow_raw_sql_and_bulk_writes() -> None:
    make_deal("Engaging", "100")
    make_deal("Engaging", "200")
    Deal.objects.update(base_amount=5)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE sales_deal SET probability = 50")
    assert agree() == {"Engaging": (2, Decimal("10.00"), Decimal("5.00"))}


def test_kept_sums_survive_compaction_and_undo() -> None:
    deal = make_deal("Engaging", "100")
    for amount in (101, 102, 103):
        deal = update_deal(actor=None, deal=deal, amount=Decimal(amount))
    assert DealTally.objects.count() == 4
    assert compact_tallies(actor=None) == 1
    assert agree() == {"Engaging": (1, Decimal("103.00"), Decimal("25.75"))}
    assert DealTally.objects.count() == 1
    undo_changesets([ChangeSet.objects.latest("pk").pk], actor=None)
    agree()


def test_kept_sums_obey_the_scope() -> None:
    north = make_team("North")
    manager = make_user("manager", north)
    make_deal("Engaging", "100", owner=make_user("sales", north))
    make_deal("Engaging", "900", owner=make_user("sales", make_team("South")))
    kept = kept_totals_by_stage(manager, make_pipeline().pk)
    assert [(t.count, t.amount) for t in kept.values()] == [(1, Decimal("100.00"))]
