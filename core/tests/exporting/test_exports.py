"""Exports: in scope, harmless, recorded, downloadable by their owner alone."""

import csv
import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from python_calamine import CalamineWorkbook

from contacts.models import Company
from core.jobs.running import run
from core.models import ChangeSet, Job, User
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
    start_export(actor=owner, record_type="company")
    found = ChangeSet.objects.filter(cause="export:company")
    assert list(found.values_list("actor_id", flat=True)) == [owner.pk]


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
