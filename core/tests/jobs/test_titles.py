"""What a job is called is told in the reader's language; words that a job kept of old stay readable."""

from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from core.enums import JobState
from core.events import JobFinished
from core.jobs.kinds import _kinds, titled
from core.models import Job, Notification
from core.services.jobs import enqueue_job, undo_job
from core.subscribers import tell_owner_that_job_finished
from core.tests.factories import make_user

pytestmark = pytest.mark.django_db
PARAMS: dict[str, Any] = {
    "file": "firms.csv", "dry_run": False, "record_type": "contact", "action": "owner", "label": "Colour",
    "name": "Best ones",
}  # fmt: skip


def told(kind: str, params: dict[str, Any]) -> list[str]:
    found = []
    for language in ("en", "de", "ar"):
        with translation.override(language):
            found.append(titled(kind, params))
    return found


def test_every_kind_of_jobs_has_a_title_in_each_language() -> None:
    ours = [kind for kind in _kinds if kind.partition(".")[0] in ("core", "contacts", "analytics", "bulk")]
    assert len(ours) >= 20
    for kind in ours:
        titles = told(kind, PARAMS)
        assert all(titles), kind
        assert len(set(titles)) == 3, (kind, titles)
        assert not any("%(" in title for title in titles), (kind, titles)


def test_titles_speak_of_what_the_job_is_about() -> None:
    assert told("core.import", PARAMS)[:2] == ["Importing firms.csv", "Importiert firms.csv"]
    assert told("core.import", {**PARAMS, "dry_run": True})[:2] == ["Trying firms.csv", "Probiert firms.csv"]
    assert told("core.export", PARAMS)[:2] == ["Exporting Contacts", "Exportiert Kontakte"]
    assert told("bulk", PARAMS)[:2] == ["Owner (Contacts)", "Zuständig (Kontakte)"]
    assert told("bulk.undo", PARAMS)[0] == f"Undo: {told('bulk', PARAMS)[0]}"
    assert told("contacts.find_duplicates", {"merge_safe": True})[0] == "Merge safe duplicates"
    assert told("core.retention", {"policy": 3, "name": "Old leads"}) == ["Old leads"] * 3
    assert told("core.import", {**PARAMS, "file": "100 %(x)s.csv"})[0] == "Importing 100 %(x)s.csv"


def test_words_that_a_job_has_kept_stay_where_nothing_better_is_known() -> None:
    old = Job(kind="core.import", title="Importing old.csv", params={"batch": 3, "dry_run": False})
    gone = Job(kind="bulk", title="Paint them", params={"record_type": "contact", "action": "painted"})
    assert [str(old), str(gone), str(Job(kind="not.there"))] == [
        "Importing old.csv",
        "Paint them",
        "not.there",
    ]


def test_a_colleagues_job_is_read_in_ones_own_language_on_pages_and_through_the_api(client: Client) -> None:
    starter = make_user("admin", language="en")
    job = enqueue_job(
        actor=starter, kind="bulk", params={"record_type": "contact", "action": "owner"}, wake=False
    )
    assert job.title == "", "no language is kept"
    english, german, arabic = told("bulk", PARAMS)
    client.force_login(make_user("admin", language="de"))
    for path in ("/jobs/", f"/jobs/{job.pk}/"):
        page = client.get(path).content.decode()
        assert german in page
        assert english not in page
    client.force_login(starter)
    assert client.get(f"/api/v1/jobs/{job.pk}/").json()["title"] == english
    starter.language = "ar"
    starter.save()
    assert client.get(f"/api/v1/jobs/{job.pk}/").json()["title"] == arabic


def test_undoing_knows_what_it_undoes_and_its_end_is_told_in_the_owners_language() -> None:
    owner = make_user("admin", language="de")
    params = {**PARAMS, "ids": ["1"], "query": "q=Zenobia", "everything": "", "data": {}}
    with translation.override("en"):
        job = enqueue_job(actor=owner, kind="bulk", params=params, wake=False)
        Job.objects.filter(pk=job.pk).update(state=JobState.DONE)
        undo = undo_job(actor=owner, job=Job.objects.get(pk=job.pk))
        assert undo.params == {"job": job.pk, "record_type": "contact", "action": "owner"}
        Job.objects.filter(pk=undo.pk).update(state=JobState.DONE, result={"undone": 2})
        tell_owner_that_job_finished(JobFinished(job_id=undo.pk))
    german = told("bulk", PARAMS)[1]
    assert Notification.objects.get().text == f"Rückgängig: {german}: Erledigt · Rückgängig gemacht: 2"
