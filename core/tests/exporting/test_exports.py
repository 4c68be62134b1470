"""Exports: in scope, harmless, recorded, downloadable by their owner alone."""

import csv
import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from contacts.models import Company
from core.jobs.running import run
from core.models import ChangeSet, ExportEntry, Job, User
from core.services.base import NotAllowed
from core.services.exports import start_export
from core.tests.factories import make_role, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> User:
    user = make_user(make_role(company="view:own,export:own"))
    Company.objects.create(name="=Mine()", sort_name="mine", owner=user, employees=3)
    Company.objects.create(name="Theirs", sort_name="theirs", owner=make_user())
    return user


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_command_writes_what_the_person_may_export(owner: User, tmp_path: Path) -> None:
    target = tmp_path / "out.csv"
    call_command("export_records", "--target", "companies", "--as", owner.email, "--output", str(target))
    rows = list(csv.reader(io.StringIO(target.read_text("utf-8-sig"))))
    assert len(rows) == 2
    assert "'=Mine()" in rows[1]
    everything = io.StringIO()
    call_command("export_records", "--target", "companies", stdout=everything)
    assert len(list(csv.reader(io.StringIO(everything.getvalue())))) == 3


def test_command_writes_workbooks_without_formulas(owner: User, tmp_path: Path) -> None:
    target = tmp_path / "out.xlsx"
    call_command("export_records", "--target", "companies", "--format", "xlsx", "--output", str(target))
    rows = CalamineWorkbook.from_path(str(target)).get_sheet_by_index(0).to_python()
    assert len(rows) == 3
    assert any("'=Mine()" in row for row in rows)


def test_each_export_stands_in_the_audit(owner: User, tmp_path: Path) -> None:
    """By page, as a job and by command: who, which columns and filters, how many rows, and when that failed."""
    client = client_of(owner)
    query = "q=mine&sort=name&columns=name,employees"
    answer = client.get(f"{reverse('contacts:company_list')}?{query}&format=csv")
    assert answer.streaming
    assert ExportEntry.objects.get().rows is None, "it is recorded before a row has left"
    assert len(b"".join(answer.streaming_content).splitlines()) == 2
    job = run(start_export(actor=owner, record_type="company", query=query, file_format="xlsx").pk)
    assert job is not None
    with pytest.raises(CommandError, match="can't be written"):
        call_command("export_records", "--target", "companies", "--output", str(tmp_path / "no" / "x.csv"))
    first, second, third = ExportEntry.objects.order_by("pk")
    assert (first.actor, first.record_type, first.file_format, first.rows) == (owner, "company", "csv", 1)
    assert first.query == f"{query}&format=csv"
    assert first.columns == second.columns == ["Meridian id", "Name", "Employees"]
    assert (second.file_format, second.query, second.rows) == ("xlsx", query, 1)
    assert (third.actor, third.rows, len(third.columns) > 3) == (None, 0, True)
    sets = ChangeSet.objects.in_bulk([one.changeset for one in (first, second, third)])
    assert [(one.actor_id, one.cause) for _pk, one in sorted(sets.items())] == [
        (owner.pk, "export:company"), (owner.pk, "export:company"), (None, "export:company"),
    ]  # fmt: skip
    page = client_of(make_user("admin")).get(reverse("core:audit") + "?cause=export").content.decode()
    assert page.count("1 row · XLSX · Filters: q: mine · Columns: Meridian id, Name, Employees") == 1
    assert page.count("exported rows (company)") == 3


def test_export_that_the_browser_gave_up_says_how_far_it_came(owner: User) -> None:
    answer = client_of(owner).get(reverse("contacts:company_list") + "?format=csv")
    next(iter(answer.streaming_content))
    answer._iterator.close()  # as a server does when the browser has gone, without the end of the connection
    assert ExportEntry.objects.get().rows == 0


def test_job_makes_a_file_for_its_owner_alone(owner: User) -> None:
    client = client_of(owner)
    answer = client.post("/exports/company/", {"format": "csv", "query": ""})
    job = Job.objects.get(kind="core.export")
    assert (answer.status_code, answer["Location"]) == (302, f"/jobs/{job.pk}/")
    assert client.get(f"/exports/{job.pk}/file/").status_code == 404
    done = run(job.pk)
    assert done is not None and (done.state, done.result["rows"]) == ("done", 1)
    response = client.get(f"/exports/{job.pk}/file/")
    assert "attachment" in response["Content-Disposition"]
    assert "'=Mine()" in b"".join(response.streaming_content).decode()  # type: ignore[attr-defined]
    assert client_of(make_user("admin")).get(f"/exports/{job.pk}/file/").status_code == 404


def test_without_the_right_nothing_is_exported(owner: User) -> None:
    reader = make_user(make_role(company="view:all"))
    assert client_of(reader).post("/exports/company/", {"format": "csv"}).status_code == 403
    with pytest.raises(NotAllowed):
        start_export(actor=reader, record_type="company")
    with pytest.raises(CommandError, match="do not allow"):
        call_command("export_records", "--target", "companies", "--as", reader.email)
    assert Job.objects.count() == 0
    assert not ChangeSet.objects.filter(cause__startswith="export:").exists()
