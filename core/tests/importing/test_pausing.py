"""Pausing, going on and cancelling; undoing with what people did since."""

import csv
import io
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from contacts.models import Company, Contact, ContactPoint
from contacts.services.parties import update_contact
from core.enums import JobState
from core.importing import running
from core.jobs.running import run
from core.models import Job, User
from core.services.imports import start_import, start_undo
from core.services.jobs import cancel_job, pause_job, resume_job
from core.tests.factories import make_user
from core.tests.importing.bring import bring, fates, take_in

pytestmark = pytest.mark.django_db
COMPANIES = "name,employees\n" + "".join(f"Company {n},{n}\n" for n in range(1, 26))


@pytest.fixture
def admin() -> User:
    return make_user("admin")


@pytest.fixture
def paused(admin: User, monkeypatch: pytest.MonkeyPatch) -> Job:
    """An import of 25 companies that was paused after ten."""
    monkeypatch.setattr("core.jobs.running.REPORT_EVERY", 0)
    job = start_import(actor=admin, batch=take_in(admin, "companies", COMPANIES), wake=False)
    Job.objects.filter(pk=job.pk).update(params={**job.params, "chunk": 10})
    real = running.write_fates

    def pausing(*args: Any) -> None:
        real(*args)
        if not Company.objects.filter(employees__gt=10).exists():
            pause_job(actor=admin, job=Job.objects.get(pk=job.pk))

    monkeypatch.setattr(running, "write_fates", pausing)
    done = run(job.pk)
    assert done is not None and done.state == JobState.PAUSED
    return done


def test_a_paused_import_goes_on_where_it_was(admin: User, paused: Job) -> None:
    batch = paused.import_batches.get()
    assert (Company.objects.count(), paused.done, batch.finished_at) == (10, 10, None)
    assert run(paused.pk) is None  # nobody takes it by itself
    client = Client()
    client.force_login(admin)
    assert "Go on" in client.get(f"/imports/{batch.pk}/").content.decode()
    assert client.post(f"/imports/{batch.pk}/pause/", {"resume": ""}).status_code == 302
    done = run(paused.pk)
    assert done is not None and done.state == JobState.DONE
    assert [line for line, _fate in fates(batch)] == list(range(2, 27))
    assert Company.objects.count() == 25


def test_a_paused_import_that_is_cancelled_tells_what_was_done_and_can_be_undone(
    admin: User, paused: Job
) -> None:
    cancel_job(actor=admin, job=paused)
    done = run(paused.pk)
    batch = paused.import_batches.get()
    assert done is not None and done.state == JobState.CANCELLED
    assert (batch.counts["created"], batch.finished_at is not None) == (10, True)
    run(start_undo(actor=admin, batch=batch, wake=False).pk)
    assert Company.objects.count() == 0


def test_only_open_jobs_of_a_pausable_kind_are_paused(admin: User, paused: Job) -> None:
    resume_job(actor=admin, job=paused)
    run(paused.pk)
    with pytest.raises(ValidationError):
        pause_job(actor=admin, job=paused)
    with pytest.raises(ValidationError):
        resume_job(actor=admin, job=paused)
    with pytest.raises(ValidationError):
        pause_job(actor=admin, job=Job.objects.create(kind="core.export", owner=admin))


def test_the_number_of_rows_is_told_honestly(admin: User, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int | None] = []
    content = "name,description\n" + "".join(f'C{n},"a\nb\nc"\n' for n in range(1, 41))
    job = start_import(actor=admin, batch=take_in(admin, "companies", content), wake=False)
    Job.objects.filter(pk=job.pk).update(params={**job.params, "chunk": 10})
    real = running.write_fates

    def noting(*args: Any) -> None:
        real(*args)
        seen.append(Job.objects.get(pk=job.pk).total)

    monkeypatch.setattr(running, "write_fates", noting)
    done = run(job.pk)
    assert done is not None and (done.done, done.total) == (40, 40)
    assert seen[0] is None and all(total is not None and 39 <= total <= 44 for total in seen[1:])
    assert done.checkpoint["rate"] > 0


def test_undo_leaves_alone_what_people_changed_with_all_its_parts_and_lists_it(admin: User) -> None:
    bring(admin, "contacts", "last name,email,city\nOld,old@example.com,Leeds\n")
    content = (
        "last name,email,phone,tags,city,company\nOld,old@example.com,030 1234567,vip,Berlin,Acme\n"
        "Ann,ann@example.com,,vip,Paris,Acme\nBob,bob@example.com,,,Rome,\n"
    )
    batch, _job = bring(admin, "contacts", content)
    ann, old = Contact.objects.get(last_name="Ann"), Contact.objects.get(last_name="Old")
    update_contact(actor=admin, contact=ann, changes={"city": "Lyon"})
    update_contact(actor=admin, contact=old, changes={"job_title": "Buyer"})
    done = run(start_undo(actor=admin, batch=batch, wake=False).pk)
    batch.refresh_from_db()
    assert done is not None and done.state == JobState.DONE, done and done.error
    assert sorted(Contact.objects.values_list("last_name", "city", "job_title", "company__name")) == [
        ("Ann", "Lyon", "", "Acme"), ("Old", "Leeds", "Buyer", None),
    ]  # fmt: skip
    assert list(ann.points.values_list("normalised", flat=True)) == ["ann@example.com"]
    assert list(ann.tags.values_list("name", flat=True)) == ["vip"]
    assert (old.tags.count(), old.affiliations.count()) == (0, 0)
    assert list(ContactPoint.objects.filter(contact=old).values_list("kind", flat=True)) == ["email"]
    lines = list(csv.DictReader(io.StringIO(batch.kept_file.read().decode("utf-8-sig"))))
    assert {"type": "contact", "id": str(ann.pk), "reason": "changed since"} in lines
    client = Client()
    client.force_login(admin)
    page = client.get(f"/imports/{batch.pk}/kept/").content.decode()
    assert f"/contacts/{ann.pk}/" in page and "changed since" in page
    assert page.count('<th scope="row">') == len(
        [line for line in lines if line["reason"] != "part of what is kept"]
    )
    detail = client.get(f"/imports/{batch.pk}/").content.decode()
    assert "3 were left alone" in detail  # Ann, her company and her tag; their parts stay with them
    assert client.get(f"/imports/{batch.pk}/kept/?format=csv")["Content-Type"].startswith("text/csv")
