"""The nineteen answers on demo data and on real files, each equal to SQL that was written independently."""

import gzip
import io
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db.models import Count

from contacts.models import Company, Contact
from contacts.profile.subject import subject_of
from core.models import User
from core.registries import profile
from core.tests.factories import make_user
from core.tests.importing.bring import bring
from sales.models import Deal, Order
from sales.services.pipelines import ensure_sales_defaults
from tests.profile.independent import Independent, differences

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
RETAIL_CUSTOMERS = ("12347", "13089", "17850", "14680", "15749")
SALES_COMPANIES = ("Massive Dynamic", "Cheers", "Kan-code", "Golddex", "Bluth Company")


def check(record: Contact | Company, user: User) -> dict[str, Any]:
    """The answers by question, held against SQL, and their links against the rows that they count."""
    subject = subject_of(record, user)
    answers = profile.answers(subject, user)
    assert len(answers) == 19
    ids = sorted(subject.company_ids, key=lambda pk: (pk != record.pk, pk))
    sql = Independent(contact=record.pk if subject.is_person else None, company_ids=ids)
    assert differences(answers, sql.facts()) == []
    for answer in answers:
        assert not answer.known or answer.rows, f"{answer.question.key} opens no rows"
        for rows in answer.rows:
            if rows.link is not None:
                found = rows.link.rows(user).count()  # raises for a filter that is not there
                assert rows.count in (None, found), f"{answer.question.key}: {rows} has {found}"
    return {answer.question.key: answer for answer in answers}


@pytest.fixture
def demo(db: None) -> User:
    call_command("seed_demo", contacts=400, seed=7, today="2026-11-20", stdout=io.StringIO())
    return User.objects.get(email="admin@demo.example")


def test_answers_on_demo_data(demo: User) -> None:
    busy = Contact.objects.annotate(n=Count("orders")).order_by("-n", "pk")
    said = busy.exclude(preferred_channel="").filter(best_hour__isnull=False)
    for contact in [*busy[:3], *busy.filter(tickets__isnull=False)[:3], *busy.filter(n=0)[:2]]:
        check(contact, demo)
    assert check(said[0], demo)["channels"].facts["stated"] == said[0].preferred_channel
    for contact in (
        Contact.objects.filter(tickets__survey_answers__words__gt="").order_by("pk").distinct()[:3]
    ):
        assert check(contact, demo)["reasons"].facts["survey_words"]
    companies = list(Company.objects.annotate(n=Count("orders")).order_by("-n", "pk")[:4])
    Company.objects.filter(pk=companies[1].pk).update(parent=companies[0])
    Company.objects.filter(pk=companies[2].pk).update(parent=companies[1])
    answers = check(companies[0], demo)
    assert answers["kind"].facts["subsidiaries"] == 2
    assert answers["frequency"].facts["purchases"] == sum(c.orders.count() for c in companies[:3])
    people = Contact.objects.filter(company__in=companies[:3]).exclude(preferred_channel="")
    assert sum(answers["channels"].facts["stated_by_people"].values()) == people.count() > 0
    known = [key for key, answer in answers.items() if answer.known]
    assert len(known) == 19
    assert "number" not in answers["account"].facts  # nobody gave a demo company one: its orders tell


def test_answers_on_real_orders(sample_data: Path) -> None:
    admin = make_user("admin")
    with gzip.open(sample_data / "retail" / "online_retail.csv.gz", "rt", encoding="latin-1") as lines:
        head = next(lines)
        wanted = [line for line in lines if any(f",{number}.0," in line for number in RETAIL_CUSTOMERS)]
    _batch, job = bring(admin, "orders", (head + "".join(wanted)), name="online_retail.csv")
    assert job.state == "done", job.error
    for number in RETAIL_CUSTOMERS:
        answers = check(Contact.objects.get(external_id=number), admin)
        assert answers["account"].facts["number"] == number
        assert answers["items"].known
    assert Order.objects.filter(is_cancellation=True).exists()


def test_answers_on_real_deals(sample_data: Path) -> None:
    ensure_sales_defaults(actor=None)
    admin = make_user("admin")
    folder = sample_data / "sales"
    for target, name in (
        ("companies", "accounts.csv"),
        ("products", "products.csv"),
        ("users", "sales_teams.csv"),
    ):
        bring(admin, target, folder / name)
    head, *lines = (folder / "sales_pipeline.csv").read_text().splitlines(keepends=True)
    wanted = [line for line in lines if any(f",{name}," in line for name in SALES_COMPANIES)]
    bring(admin, "deals", head + "".join(wanted), name="sales_pipeline.csv")
    assert Deal.objects.count() == len(wanted) > 300
    for name in SALES_COMPANIES:
        answers = check(Company.objects.get(name=name), admin)
        assert answers["since"].facts["basis"] == "deal"
        assert answers["size"].facts["employees"] > 0
    assert check(Company.objects.get(name="Massive Dynamic"), admin)["kind"].facts["subsidiaries"] == 1
