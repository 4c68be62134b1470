"""The engine at work: fates, error file, dry run, killed workers, cancelling, undo, the command."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from contacts.models import Company
from core.enums import JobState
from core.importing import running
from core.jobs.running import LEASE, run
from core.models import ChangeSet, ImportBatch, Job, User
from core.services.base import NotAllowed
from core.services.imports import create_import, start_import, start_undo
from core.services.jobs import cancel_job
from core.tests.factories import make_user
from core.tests.importing.bring import bring, fates, take_in

pytestmark = pytest.mark.django_db
COMPANIES = "name,employees,sector\n" + "".join(f"Company {n},{n},retail\n" for n in range(1, 26))


@pytest.fixture
def admin() -> User:
    return make_user("admin")


def test_each_line_has_a_fate_and_good_lines_are_kept(admin: User) -> None:
    content = 'name,employees\nAcme,12\n"Two\nLines",5\nBad,many\n,7\nAcme,13\n'
    batch, job = bring(admin, "companies", content)
    assert fates(batch) == [(2, "created"), (3, "created"), (5, "failed"), (6, "failed"), (7, "updated")]
    assert job.result == {
        "rows": 5, "created": 2, "updated": 1, "skipped": 0, "failed": 2, "noted": 0, "review": 0,
        "error_file": batch.error_file.name,
    }  # fmt: skip
    assert dict(Company.objects.values_list("name", "employees")) == {"Acme": 13, "Two\nLines": 5}


def test_error_file_keeps_lines_numbers_and_reasons_and_can_be_imported_when_mended(admin: User) -> None:
    batch, _job = bring(admin, "companies", "name,employees\nAcme,many\nBeta,2\nGamma,-\n=Evil(),3\n")
    with batch.error_file.open("rb") as stream:
        rows = list(csv.reader(io.TextIOWrapper(stream, "utf-8-sig", newline="")))
    assert rows == [
        ["name", "employees", "import_line", "import_reason"],
        ["Acme", "many", "2", "employees: “many” is not a number."],
        ["'=Evil()", "3", "5", "name: the cell holds a formula. Put its value in its place."],
    ]
    rows[1][1] = "40"
    mended = "\n".join(",".join(f'"{cell}"' for cell in row) for row in rows)
    again, _job = bring(admin, "companies", mended)
    assert fates(again) == [(2, "created"), (3, "created")]
    assert sorted(Company.objects.values_list("name", "employees")) == [
        ("=Evil()", 3), ("Acme", 40), ("Beta", 2), ("Gamma", None),
    ]  # fmt: skip


def test_dry_run_tells_everything_and_writes_nothing_but_its_lines(admin: User) -> None:
    batch, job = bring(admin, "companies", "name,employees,sector\nAcme,1,technolgy\nB,x,\n", dry_run=True)
    assert job.result == {
        "rows": 2, "created": 1, "updated": 0, "skipped": 0, "failed": 1, "noted": 1, "review": 1,
        "error_file": None,
    }  # fmt: skip
    preview = batch.options["preview"]
    assert [(p["column"], p["rows"], p["lines"]) for p in preview["problems"].values()] == [
        ("employees", 1, [3])
    ]
    assert [(w["text"], w["suggestions"][0]["label"]) for w in preview["words"].values()] == [
        ("technolgy", "technology")
    ]
    assert (Company.objects.count(), batch.rows.count(), batch.job) == (0, 2, None)


def test_blank_cells_stay_empty_and_never_empty_what_is_there(admin: User) -> None:
    bring(admin, "companies", "name,employees,sector\nAcme,5,retail\n")
    batch, _job = bring(admin, "companies", "name,employees,sector\nacme,,\n")
    assert fates(batch) == [(2, "skipped")]
    assert Company.objects.values_list("employees", "industry").get() == (5, "retail")


@pytest.mark.parametrize("chunk", [1, 4, 7])
def test_a_killed_worker_is_succeeded_and_each_line_is_written_once(
    admin: User, monkeypatch: pytest.MonkeyPatch, chunk: int
) -> None:
    batch = take_in(admin, "companies", COMPANIES)
    job = start_import(actor=admin, batch=batch, wake=False)
    Job.objects.filter(pk=job.pk).update(params={**job.params, "chunk": 7})
    real, calls = running.write_fates, []

    def dying(*args: Any) -> None:
        calls.append(1)
        real(*args)
        if len(calls) == 3:  # rows and ledger of the third chunk are written, its commit never comes
            raise KeyboardInterrupt

    monkeypatch.setattr(running, "write_fates", dying)
    with pytest.raises(KeyboardInterrupt):
        run(job.pk)
    assert (Company.objects.count(), batch.rows.count()) == (14, 14)
    monkeypatch.setattr(running, "write_fates", real)
    job.refresh_from_db()
    Job.objects.filter(pk=job.pk).update(
        lease_until=timezone.now() - LEASE, params={**job.params, "chunk": chunk}
    )
    done = run(job.pk)
    assert done is not None and done.state == JobState.DONE
    assert [line for line, _fate in fates(batch)] == list(range(2, 27))
    assert sorted(Company.objects.values_list("employees", flat=True)) == list(range(1, 26))
    assert done.result["created"] == 25


def test_cancelled_import_stops_between_chunks_and_tells_what_was_done(
    admin: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.jobs.running.REPORT_EVERY", 0)
    batch = take_in(admin, "companies", COMPANIES)
    job = start_import(actor=admin, batch=batch, wake=False)
    Job.objects.filter(pk=job.pk).update(params={**job.params, "chunk": 10})
    real = running.write_fates

    def cancelling(*args: Any) -> None:
        real(*args)
        cancel_job(actor=admin, job=Job.objects.get(pk=job.pk))

    monkeypatch.setattr(running, "write_fates", cancelling)
    done = run(job.pk)
    batch.refresh_from_db()
    assert done is not None and done.state == JobState.CANCELLED
    assert (Company.objects.count(), batch.counts["created"]) == (10, 10)


def test_undo_restores_what_was_replaced_and_deletes_what_was_made(admin: User) -> None:
    bring(admin, "companies", "name,employees\nAcme,5\nBeta,6\n")
    batch, job = bring(admin, "companies", "name,employees,sector\nAcme,50,retail\nBeta,60,\nNew,1,\n")
    Company.objects.filter(name="Beta").update(employees=61)
    done = run(start_undo(actor=admin, batch=batch, wake=False).pk)
    assert done is not None and done.state == JobState.DONE
    beta = Company.objects.get(name="Beta")
    assert sorted(Company.objects.values_list("name", "employees", "industry")) == [
        ("Acme", 5, ""), ("Beta", 61, ""),
    ]  # fmt: skip
    assert (done.result["deleted"], done.result["restored"]) == (1, 1)
    assert done.result["skipped"] == [{"model": "contacts.Company", "id": beta.pk, "reason": "changed since"}]
    assert ChangeSet.objects.filter(cause=f"job:{job.pk}", actor_id=admin.pk).exists()


def test_imports_over_one_another_are_undone_one_after_the_other_but_for_what_people_changed(
    admin: User,
) -> None:
    first, _job = bring(admin, "companies", "name,employees\nAcme,5\nBeta,6\nGamma,7\n")
    second, _job = bring(admin, "companies", "name,employees,sector\nAcme,50,retail\nBeta,60,\nGamma,70,\n")
    beta = Company.objects.get(name="Beta")
    Company.objects.filter(pk=beta.pk).update(industry="banking")
    for batch in (second, first):
        done = run(start_undo(actor=admin, batch=batch, wake=False).pk)
        assert done is not None and done.state == JobState.DONE
    assert list(Company.objects.values_list("name", "employees", "industry")) == [("Beta", 6, "banking")]
    assert done.result["skipped"] == [{"model": "contacts.Company", "id": beta.pk, "reason": "changed since"}]


def test_roles_without_the_right_import_nothing(admin: User) -> None:
    reader = make_user("readonly")
    with pytest.raises(NotAllowed):
        create_import(actor=reader, target="companies", stream=io.BytesIO(b"name\nA\n"), name="a.csv", size=7)
    seller = make_user("sales")
    with pytest.raises(NotAllowed):
        create_import(actor=seller, target="users", stream=io.BytesIO(b"name\nA\n"), name="a.csv", size=7)
    assert ImportBatch.objects.count() == 0


def test_command_ends_with_one_json_line(
    admin: User, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "c.csv"
    file.write_text("Firm;Staff\nAcme;1\nBeta;x\n")
    mapping = tmp_path / "map.json"
    mapping.write_text('{"Firm": "name", "Staff": "employees"}')
    out = io.StringIO()
    arguments = ["--target", "companies", "--as", admin.email, "--mapping", str(mapping)]
    call_command("import_records", str(file), *arguments, stdout=out)
    result = json.loads(out.getvalue().strip().splitlines()[-1])
    job = Job.objects.get()
    assert Path(result.pop("error_file")).read_text("utf-8-sig").startswith("Firm,Staff,import_line")
    assert result == {
        "rows": 2, "created": 1, "updated": 0, "skipped": 0, "failed": 1, "review": 0, "job": job.pk,
    }  # fmt: skip
    undone = io.StringIO()
    call_command("undo_import", str(job.pk), "--as", admin.email, stdout=undone)
    assert json.loads(undone.getvalue())["deleted"] == 1


@pytest.mark.parametrize(
    ("content", "mapping", "words"),
    [
        ("name\n", None, "no lines below"),
        ("", None, "The file is empty"),
        ("qq,y\nA,B\n", None, "No column"),
        ("name,b\nA,B\n", {"columns": {"name": "name", "b": "nonsense"}}, "there is no field “nonsense”"),
        ("name,b\nA,B\n", {"columns": {"nome": "name"}}, "The file has no column “nome”"),
        ("name,b\nA,B\n", {"columns": {"name": "name", "b": "name"}}, "fill the same field"),
    ],
)
def test_command_refuses_in_words(
    admin: User, tmp_path: Path, content: str, mapping: dict[str, Any] | None, words: str
) -> None:
    file = tmp_path / "c.csv"
    file.write_text(content)
    extra = []
    if mapping is not None:
        (tmp_path / "m.json").write_text(json.dumps(mapping))
        extra = ["--mapping", str(tmp_path / "m.json")]
    with pytest.raises(CommandError, match=words):
        call_command("import_records", str(file), "--target", "companies", "--as", admin.email, *extra)
    assert Company.objects.count() == 0
