"""Demo data: the same seed gives the same data, records are whole, and nothing is loaded over real work."""

import io
import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import Count, F, Max, Sum

from contacts.models import Company, Contact, ContactPoint, TimelineEntry
from core.models import ChangeSet, ImportBatch, ImportMapping, Job, User
from demo.imports import ADDED
from demo.merges import MERGED
from marketing.models import Campaign, Engagement, Recipient
from marketing.services.launch import launch_campaign
from sales.models import Deal, DealStageChange, Order
from service.models import Ticket
from service.services.deadlines import next_due

pytestmark = pytest.mark.django_db


def seed(seed: int = 1, contacts: int = 120) -> dict[str, Any]:
    out = io.StringIO()
    call_command("seed_demo", contacts=contacts, seed=seed, today="2026-06-15", stdout=out)
    result: dict[str, Any] = json.loads(out.getvalue())
    return result


def picture() -> list[Any]:
    """Everything that is not a key."""
    return [
        list(Company.objects.order_by("pk").values_list("name", "city", "employees")),
        list(
            Contact.objects.order_by("pk").values_list("name", "sort_name", "created_at", "last_activity_at")
        ),
        list(ContactPoint.objects.order_by("contact_id", "kind").values_list("normalised", flat=True)),
        list(Deal.objects.order_by("pk").values_list("name", "amount", "status", "closed_at")),
        list(Order.objects.order_by("pk").values_list("number", "total", "ordered_at")),
    ]


def run_and_roll_back(number: int) -> list[Any]:
    with transaction.atomic():
        seed(number)
        seen = picture()
        transaction.set_rollback(True)
    return seen


def test_same_seed_same_data_and_another_seed_other_data() -> None:
    first = run_and_roll_back(7)
    assert first == run_and_roll_back(7)
    assert first != run_and_roll_back(8)


def test_records_are_whole_and_agree_with_each_other() -> None:
    counts = seed()
    assert (counts["contacts"], counts["timeline"]) == (120, 1200)
    assert Contact.objects.count() == 120 + ADDED
    assert TimelineEntry.objects.count() == 1200 + 3 * MERGED  # the double, its note, the merge
    assert not Contact.objects.filter(name="").exists()
    assert not Deal.objects.exclude(status=F("stage__outcome")).exists()
    told = TimelineEntry.objects.exclude(kind__startswith="contact.")  # what is no doing of anybody's
    last = dict(told.values_list("contact_id").annotate(Max("occurred_at")))
    assert dict(Contact.objects.exclude(last_activity_at=None).values_list("pk", "last_activity_at")) == last
    told = told.exclude(company=None)
    dates = dict(told.values_list("company_id").annotate(Max("occurred_at")))
    assert dict(Company.objects.exclude(last_activity_at=None).values_list("pk", "last_activity_at")) == dates
    for order in Order.objects.annotate(lines_total=Sum("lines__total")):
        assert order.total == order.lines_total
    for ticket in Ticket.objects.select_related("queue__policy"):
        assert ticket.next_due_at == next_due(ticket, {})
    assert Ticket.objects.filter(status__in=["new", "open", "waiting"]).exists()
    ends = dict(DealStageChange.objects.order_by("deal_id", "at", "id").values_list("deal_id", "to_stage_id"))
    assert ends == dict(Deal.objects.values_list("pk", "stage_id"))
    assert (
        len({len(name.encode()) > len(name) for name in Contact.objects.values_list("name", flat=True)}) == 2
    )
    causes = set(ChangeSet.objects.values_list("cause", flat=True))
    jobs = Job.objects.filter(kind__in=["core.import", "core.undo_import"]).values_list("pk", flat=True)
    bringing = {f"{what}:{pk}" for pk in jobs for what in ("job", "undo")}
    assert causes <= {"seed", "service", "merge", *bringing}


def test_every_login_works_and_sellers_without_one_do_not() -> None:
    seed(contacts=20)
    logins = User.objects.filter(email__isnull=False)
    assert sorted(str(email).split("@")[0] for email in logins.values_list("email", flat=True)) == [
        "admin",
        "manager",
        "marketing",
        "readonly",
        "sales",
        "service",
    ]
    assert all(user.check_password("demo") for user in logins)
    assert User.objects.filter(email__isnull=True).aggregate(n=Count("pk"))["n"] == 4
    assert not any(user.has_usable_password() for user in User.objects.filter(email__isnull=True))


def test_production_takes_no_demo_data(settings: Any) -> None:
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="does not go into production"):
        call_command("seed_demo", contacts=1)
    assert not User.objects.exists()


def test_nothing_is_loaded_over_real_work() -> None:
    User.objects.create_user("mira@example.com", name="Mira")
    with pytest.raises(CommandError, match="empty"):
        seed()
    assert not Contact.objects.exists()


def test_mailings_have_results_and_one_waits() -> None:
    seed()
    assert sorted(Campaign.objects.values_list("state", flat=True)) == ["draft", *["finished"] * 4]
    sent = Recipient.objects.filter(state="sent")
    assert sent.exists()
    assert not sent.filter(sent_at__isnull=True).exists()
    assert Engagement.objects.filter(kind="open", evidence="human").exists()
    assert TimelineEntry.objects.filter(kind="campaign.sent").count() == sent.count()
    waiting = Campaign.objects.get(state="draft")
    assert launch_campaign(actor=None, campaign=waiting) > 0


def test_past_imports_have_fates_errors_words_to_decide_and_a_mapping() -> None:
    seed(contacts=40)
    found = {batch.file_name: batch for batch in ImportBatch.objects.select_related("job")}
    assert list(found) == ["suppliers-2026.csv", "trade-fair-leads.csv", "bought-list.csv", "phone-cards.vcf"]
    assert {batch.job.state for batch in found.values() if batch.job} == {"done"}
    fair = found["trade-fair-leads.csv"]
    fates = list(fair.rows.order_by("line").values_list("line", "fate"))
    assert fates == [
        (2, "created"),
        (3, "created"),
        (4, "failed"),
        (5, "created"),
        (6, "failed"),
        (7, "updated"),
        (8, "updated"),
    ]
    with fair.error_file.open("rb") as errors:
        assert errors.read().decode("utf-8-sig").count("\n") == 3  # the header and two lines
    assert fair.rows.filter(review=True).count() == 2  # a country and a company, misspelt
    assert fair.finished_at is not None
    assert fair.finished_at.date().isoformat() == "2026-06-03"
    assert found["bought-list.csv"].undone_at is not None
    assert not Contact.objects.filter(name__startswith="Unknown Person").exists()
    assert Company.objects.filter(kind="supplier", name="Kestrel Freight").exists()
    assert ImportMapping.objects.get().shared


def test_the_planner_knows_the_tables_that_were_filled() -> None:
    """Statistics are the owner's to take: without them each of thousands of single statements reads whole tables."""
    seed(contacts=60)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stats WHERE tablename = 'contacts_contact'")
        assert cursor.fetchone()[0] > 0
