"""The real files of a sales team, from end to end: exact results, nothing lost."""

from decimal import Decimal
from pathlib import Path

import pytest
from django.db.models import Count, Sum

from contacts.models import Company
from core.importing.ledger import waiting_words
from core.jobs.running import run
from core.models import ImportBatch, Job, Team, User
from core.services.imports import decide_words, start_undo
from core.tests.factories import make_user
from core.tests.importing.bring import bring
from sales.models import Deal, DealLine, Product
from sales.services.pipelines import ensure_sales_defaults

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def admin() -> User:
    ensure_sales_defaults(actor=None)
    return make_user("admin")


def result_of(job: Job) -> tuple[int, ...]:
    assert job.state == "done", job.error
    return tuple(job.result[key] for key in ("rows", "created", "updated", "skipped", "failed", "review"))


@pytest.fixture
def sales_files(admin: User, sample_data: Path) -> dict[str, tuple[ImportBatch, Job]]:
    folder = sample_data / "sales"
    return {
        "companies": bring(admin, "companies", folder / "accounts.csv"),
        "products": bring(admin, "products", folder / "products.csv"),
        "users": bring(admin, "users", folder / "sales_teams.csv"),
        "deals": bring(admin, "deals", folder / "sales_pipeline.csv"),
    }


def test_sales_files_become_deals_companies_products_and_teams(
    admin: User, sales_files: dict[str, tuple[ImportBatch, Job]], sample_data: Path
) -> None:
    results = {target: result_of(job) for target, (_batch, job) in sales_files.items()}
    assert results["companies"] == (85, 85, 0, 0, 0, 13)
    assert results["products"] == (7, 7, 0, 0, 0, 0)
    assert results["users"] == (35, 35, 0, 0, 0, 0)
    assert results["deals"] == (8800, 8800, 0, 0, 0, 1480)
    by_status = dict(Deal.objects.values_list("status").annotate(n=Count("pk")).values_list("status", "n"))
    assert by_status == {"won": 4238, "lost": 2473, "open": 2089}
    stages = dict(Deal.objects.filter(status="open").values_list("stage__name").annotate(n=Count("pk")))
    assert stages == {"Engaging": 1589, "Prospecting": 500}
    won = Deal.objects.filter(status="won").aggregate(a=Sum("amount"), b=Sum("base_amount"))
    assert won == {"a": Decimal("10005534.00"), "b": Decimal("10005534.00")}
    assert Deal.objects.filter(company=None).count() == 1425
    assert DealLine.objects.filter(product=None, description="GTXPro").count() == 1480


def test_agents_have_teams_by_manager_and_no_way_in(
    sales_files: dict[str, tuple[ImportBatch, Job]], sample_data: Path
) -> None:
    agent = User.objects.get(name="Moses Frase")
    manager = User.objects.get(name="Dustin Brinkmann")
    assert agent.team == manager.team
    assert (agent.team.name, agent.team.parent.name) == ("Team Dustin Brinkmann", "Central")
    assert (agent.email, agent.has_usable_password()) == (None, False)
    assert [role.key for role in agent.roles.all()] == ["sales"]
    assert [role.key for role in manager.roles.all()] == ["manager"]
    assert Team.objects.filter(parent=None).count() == 3
    assert Team.objects.exclude(parent=None).count() == 6
    mine = Deal.objects.visible_to(manager).count()
    assert mine == Deal.objects.filter(team=manager.team).count()
    assert 0 < mine < 8800


def test_near_matches_wait_and_are_settled_once_for_all_lines(
    admin: User, sales_files: dict[str, tuple[ImportBatch, Job]], sample_data: Path
) -> None:
    batch, _job = sales_files["deals"]
    words = waiting_words(batch)
    pro = Product.objects.get(name="GTX Pro")
    assert [(w["text"], w["rows"], w["suggestions"][0]["label"]) for w in words] == [
        ("GTXPro", 1480, "GTX Pro")
    ]
    assert DealLine.objects.filter(product=pro).count() == 0
    assert decide_words(actor=admin, batch=batch, field="product", values={"GTXPro": pro.pk}) == 1480
    assert DealLine.objects.filter(product=pro, description="GTX Pro").count() == 1480
    assert DealLine.objects.filter(product=None).count() == 0
    assert batch.rows.filter(review=True).count() == 0


def test_misspelt_industries_are_kept_until_decided(
    admin: User, sales_files: dict[str, tuple[ImportBatch, Job]], sample_data: Path
) -> None:
    batch, _job = sales_files["companies"]
    assert Company.objects.filter(industry="technolgy").count() == 12
    words = {w["text"]: (w["field"], w["rows"], w["suggestions"][0]["label"]) for w in waiting_words(batch)}
    assert words["technolgy"] == ("industry", 12, "technology")
    assert words["Philipines"] == ("country", 1, "Philippines")
    decide_words(actor=admin, batch=batch, field="industry", values={"technolgy": "technology"})
    assert Company.objects.filter(industry="technology").count() == 12
    assert Company.objects.get(name="Cheers").parent == Company.objects.get(name="Massive Dynamic")


def test_the_same_files_again_add_nothing(
    admin: User, sales_files: dict[str, tuple[ImportBatch, Job]], sample_data: Path
) -> None:
    folder = sample_data / "sales"
    assert result_of(bring(admin, "companies", folder / "accounts.csv")[1])[:5] == (85, 0, 0, 85, 0)
    assert result_of(bring(admin, "products", folder / "products.csv")[1])[:5] == (7, 0, 0, 7, 0)
    assert result_of(bring(admin, "users", folder / "sales_teams.csv")[1])[:5] == (35, 0, 0, 35, 0)
    assert result_of(bring(admin, "deals", folder / "sales_pipeline.csv")[1])[:5] == (8800, 0, 0, 8800, 0)
    assert Deal.objects.count() == 8800


def test_undo_takes_deals_back_but_keeps_what_was_changed_since(
    admin: User, sales_files: dict[str, tuple[ImportBatch, Job]], sample_data: Path
) -> None:
    batch, _job = sales_files["deals"]
    kept = Deal.objects.order_by("pk")[0]
    Deal.objects.filter(pk=kept.pk).update(description="called them")
    done = run(start_undo(actor=admin, batch=batch, wake=False).pk)
    assert done is not None and done.state == "done", done and done.error
    assert list(Deal.objects.values_list("pk", flat=True)) == [kept.pk]
    assert done.result["kept"] >= 1
    assert {"model": "sales.Deal", "id": kept.pk, "reason": "changed since"} in done.result["skipped"]
    assert Company.objects.count() == 85
