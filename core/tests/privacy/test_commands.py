"""The commands of privacy as an operator has them: words, one JSON line at the end, a failure that says why."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from contacts.services.privacy import erase_contact
from contacts.services.retention import save_policy
from contacts.tests.factories import make_contact
from core.models import Job, RetentionPolicy
from core.tests.factories import make_user

pytestmark = pytest.mark.django_db
ADDRESS = "zenobia@quimby.example"


@pytest.fixture(autouse=True)
def places(settings: Any, tmp_path: Path) -> Path:
    settings.CRM_DATA = tmp_path / "data"
    settings.MEDIA_ROOT = settings.CRM_DATA / "media"
    settings.MAIL_STORE = str(tmp_path / "mail")
    settings.MAIL_JOURNAL_DIR = tmp_path / "journal"
    settings.ERASURE_LOG = tmp_path / "away" / "erasures.jsonl"
    settings.CRM_DATA.mkdir()
    return tmp_path


def ran(*arguments: Any, **options: Any) -> tuple[list[str], dict[str, Any], str]:
    """(lines before the last, the last line read as JSON, what it failed with)."""
    out, failed = StringIO(), ""
    try:
        call_command(*arguments, stdout=out, **options)
    except CommandError as error:
        failed = str(error)
    *before, last = out.getvalue().splitlines() or [""]
    return before, json.loads(last) if last else {}, failed


def test_scan_for_person_names_the_places_and_never_the_words(run_on_commit: Any) -> None:
    contact = make_contact("Zenobia", "Quimby", email=ADDRESS)
    lines, summary, failed = ran("scan_for_person", ADDRESS, "Zenobia Quimby")
    assert summary["found"] == 2
    assert failed == f"Something is left in {summary['places']} places."
    assert "public.contacts_contactpoint: text (plain) × 1" in lines
    assert "zenobia" not in "".join(lines).lower()
    with run_on_commit():
        erase_contact(actor=None, contact=contact)
    lines, summary, failed = ran("scan_for_person", ADDRESS, "Zenobia Quimby")
    assert (lines, summary["found"], summary["places"], failed) == ([], 0, 0, "")
    assert summary["bytes"] > 10_000


@pytest.mark.parametrize(
    "name", ["data/logs/worker.log", "data/logs/postgres.log", "mail/new/1", "journal/a.journal"]
)
def test_scan_for_person_reads_every_folder_of_the_instance(places: Path, name: str) -> None:
    (places / name).parent.mkdir(parents=True, exist_ok=True)
    (places / name).write_text(f"550 <{ADDRESS}> is unknown")
    assert ran("scan_for_person", ADDRESS)[0] == [f"{places / name}: text (plain) × 1"]


def test_scan_for_person_refuses_what_would_find_nothing_whatever_is_left(places: Path) -> None:
    assert ran("scan_for_person", ADDRESS, "Ada")[2].startswith("'Ada': shorter than 5 letters")
    missing = places / "nothing-here"
    assert ran("scan_for_person", ADDRESS, folder=[missing])[2] == f"{missing} is no folder."
    with pytest.raises(CommandError, match="required: values"):
        call_command("scan_for_person")


def old_lead() -> RetentionPolicy:
    make_contact("Zenobia", "Quimby", email=ADDRESS)
    return save_policy(
        actor=None, name="Old leads", applies_to="contact", condition={}, moment="created_at", days=1,
        action="anonymise", is_active=True,
    )  # fmt: skip


def test_apply_retention_counts_first_and_then_does_it() -> None:
    policy = old_lead()
    type(make_contact()).objects.update(created_at="2020-01-01T00:00:00Z")
    lines, summary, failed = ran("apply_retention", dry_run=True)
    assert lines == ["Contacts (all of them), 1 days after creation: Erase the person: 2"]
    assert (summary, failed) == ({"policies": 1, "due": 2}, "")
    assert policy.runs.count() == 0
    _lines, summary, failed = ran("apply_retention")
    assert (summary["matched"], summary["done"], summary["state"], failed) == (2, 2, "done", "")
    assert summary["job"] == Job.objects.get(kind="core.retention").pk
    assert policy.runs.get().done == 2


def test_apply_retention_fails_where_a_policy_can_not_be_read() -> None:
    policy = old_lead()
    RetentionPolicy.objects.filter(pk=policy.pk).update(moment="nonsense")
    _lines, summary, failed = ran("apply_retention", dry_run=True)
    assert summary == {"policies": 1, "due": 0}
    assert failed == "Old leads: This kind of record knows no such moment."


def test_build_custom_indexes_with_nothing_to_do_says_so() -> None:
    assert ran("build_custom_indexes") == ([], {"fields": 0, "ready": 0}, "")


def test_undo_import_says_what_is_wrong() -> None:
    admin = make_user("admin")
    assert ran("undo_import", "7", actor="nobody@example.org")[2].startswith("No active user has")
    assert ran("undo_import", "7", actor=admin.email)[2] == "Job 7 is not an import."
