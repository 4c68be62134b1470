"""What a job came to is told in the reader's words, in an order, with numbers in the reader's way."""

import ast
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import translation

from core.enums import JobState
from core.events import JobFinished
from core.jobs import results
from core.models import Job, Notification
from core.subscribers import tell_owner_that_job_finished
from core.tests.factories import make_user

ROOMS = ("core", "contacts", "sales", "service", "marketing", "analytics")
IMPORTED = {
    "failed": 3, "rows": 12345, "created": 12000, "skipped": 342, "updated": 0, "error_file": "imports/errors.csv",
    "strange_thing": 7, "details": {"a": 1}, "capped": True,
}  # fmt: skip


def test_figures_are_told_in_order_and_in_the_readers_way() -> None:
    told = {}
    for language in ("en", "de", "ar"):
        with translation.override(language):
            told[language] = results.described("core.import", IMPORTED)
    assert told["en"] == [
        ("Rows", "12,345"),
        ("Created", "12,000"),
        ("Updated", "0"),
        ("Skipped", "342"),
        ("Failed", "3"),
        ("Strange thing", "7"),
    ]
    assert told["de"][:2] == [("Zeilen", "12.345"), ("Angelegt", "12.000")]
    assert told["de"][-1] == ("Strange thing", "7")
    assert all(
        len({label for label, _value in lines}) == 3
        for lines in list(zip(told["en"], told["de"], told["ar"], strict=True))[:-1]
    )


def test_the_same_key_of_another_kind_has_a_word_of_its_own() -> None:
    """“Changed” of a bulk change was done, that of standardising was left alone."""
    assert results.described("bulk", {"changed": 2}) == [("Changed", "2")]
    told = results.described("contacts.apply_standards", {"changed": 2, "applied": 5})
    assert told == [("Changed", "5"), ("Left alone, as somebody has changed them", "2")]


def test_days_states_and_numbers_that_lead_elsewhere() -> None:
    with translation.override("de"):
        scored = {"as_of": "2026-03-09", "scored": 1200, "runs": {"contact": {"run": 1}}}
        assert results.described("analytics.score_customers", scored) == [
            ("Bewertete Kunden", "1.200"),
            ("Bestellungen bis", "9. März 2026"),
        ]
        assert results.described("core.custom_index", {"state": "ready"}) == [("Index", "Bereit")]
    assert results.described("contacts.snapshot_segment", {"segment": 4, "people": 9}) == [("People", "9")]
    assert results.day("soon") == "soon"


def keys_in(path: Path) -> set[str]:
    """The keys that a module gives to `finish_with` by name."""
    return {
        str(word.arg)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "finish_with"
        for word in node.keywords
        if word.arg is not None
    }


def test_every_figure_of_a_result_has_a_word() -> None:
    """A key without one would stand on the job's page as it stands in the code."""
    known = {key for words in results._words.values() for key in words}
    paths = [path for room in ROOMS for path in (settings.BASE_DIR / room).rglob("*.py")]
    used = set().union(*(keys_in(path) for path in paths if "tests" not in path.parts))
    assert len(used) >= 15, "the search looks at the wrong places"
    assert used - known - {"chores", "runs"} == set(), "register them with core.jobs.results"


def finished(language: str, **values: Any) -> Job:
    owner = make_user(language=language)
    return Job.objects.create(owner=owner, kind="bulk", title="people.csv", state=JobState.DONE, **values)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "words", "told"),
    [
        ("", ["Rows", "12,345", "Left to do"], "people.csv: Done · Rows: 12,345, Created: 12,000, Skipped: 342"),
        ("de", ["Zeilen", "12.345"], "people.csv: Erledigt · Zeilen: 12.345, Angelegt: 12.000, Übersprungen: 342"),
        ("ar", ["الصفوف", "dir=\"rtl\""], "people.csv: منجز · الصفوف: 12,345, أُنشئ: 12,000, متجاوز: 342"),
    ],
)  # fmt: skip
def test_page_and_inbox_speak_the_readers_language(
    client: Client, language: str, words: list[str], told: str
) -> None:
    job = finished(language, result={**IMPORTED, "left_to_do": 1})
    tell_owner_that_job_finished(JobFinished(job_id=job.pk))
    client.force_login(job.owner)
    page = client.get(reverse("core:job", args=[job.pk])).content.decode()
    assert [word for word in words if word not in page] == []
    assert "errors.csv" not in page
    line = Notification.objects.get(user=job.owner).text
    assert line == told


@pytest.mark.django_db
def test_message_of_a_worker_is_translated_where_it_is_shown(client: Client) -> None:
    job = finished("de", message="Looking for likely pairs")
    client.force_login(job.owner)
    page = client.get(reverse("core:job", args=[job.pk])).content.decode()
    assert "Looking for likely pairs" not in page


@pytest.mark.django_db
def test_list_tells_what_jobs_came_to_and_not_their_last_step(client: Client) -> None:
    job = finished("de", message="Merging safe pairs", result={"merged": 5})
    open_one = Job.objects.create(
        owner=job.owner, kind="bulk", title="b", state=JobState.RUNNING, message="Merging safe pairs"
    )
    wrong = Job.objects.create(
        owner=job.owner, kind="bulk", title="c", state=JobState.FAILED, message="x", error="Nothing to do."
    )
    client.force_login(job.owner)
    page = client.get(reverse("core:job_list")).content.decode()
    told = [
        page.split(reverse("core:job", args=[one.pk]))[1].split("</li>")[0] for one in (wrong, open_one, job)
    ]
    small = [text.partition("<small>")[2].partition("</small>")[0] for text in told]
    assert small == ["Nichts zu tun.", "Führt sichere Paare zusammen", "Zusammengeführt: 5"]
    assert "Führt sichere Paare" not in client.get(reverse("core:job", args=[job.pk])).content.decode()
