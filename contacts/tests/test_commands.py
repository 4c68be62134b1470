"""Commands of contacts as an operator has them: one JSON line at the end, a failure that says why."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from contacts.models import Place, QualitySnapshot, Suppression
from contacts.services.holds import place_hold
from contacts.services.privacy import erase_contact
from contacts.tests.factories import make_contact

pytestmark = pytest.mark.django_db


def ran(*arguments: Any, **options: Any) -> tuple[list[str], dict[str, Any]]:
    """(lines before the last, the last line read as JSON)."""
    out = StringIO()
    call_command(*arguments, stdout=out, **options)
    *before, last = out.getvalue().splitlines()
    return before, json.loads(last)


def test_import_suppressions_names_the_lines_without_an_address(tmp_path: Path) -> None:
    file = tmp_path / "never.csv"
    file.write_bytes(b"\xef\xbb\xbfAnn, ann@example.org\nno address\nANN@example.org\nbob@example.org\n")
    lines, summary = ran("import_suppressions", str(file), "--cause", "complained", "--source", "old CRM")
    assert summary == {"added": 2, "known": 0, "wrong": 1}
    assert [line.partition(":")[0] for line in lines] == ["line 2"]
    assert set(Suppression.objects.values_list("address", "cause")) == {
        ("ann@example.org", "complained"),
        ("bob@example.org", "complained"),
    }
    assert ran("import_suppressions", str(file))[1] == {"added": 0, "known": 2, "wrong": 1}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["/nowhere/list.csv"], "No such file or directory"),
        (["/nowhere/list.csv", "--cause", "mood"], "invalid choice: 'mood'"),
        (["/nowhere/list.csv", "--reach", "moon"], "invalid choice: 'moon'"),
        ([], "required: file"),
    ],
)
def test_import_suppressions_says_what_is_wrong(arguments: list[str], words: str) -> None:
    with pytest.raises(CommandError, match=words):
        call_command("import_suppressions", *arguments)
    assert not Suppression.objects.exists()


def test_replay_erasures_ends_with_one_json_line(settings: Any, tmp_path: Path, run_on_commit: Any) -> None:
    settings.ERASURE_LOG = tmp_path / "erasures.jsonl"
    assert ran("replay_erasures")[1] == {
        "entries": 0,
        "erased": 0,
        "logged": 0,
        "foreign": 0,
        "refusals": 0,
        "refused": 0,
    }
    with run_on_commit():
        erase_contact(actor=None, contact=make_contact())
    settings.ERASURE_LOG.unlink()
    assert ran("replay_erasures")[1] == {
        "entries": 1,
        "erased": 0,
        "logged": 1,
        "foreign": 0,
        "refusals": 0,
        "refused": 0,
    }


def test_export_person_writes_a_file_for_its_owner_alone(tmp_path: Path) -> None:
    make_contact(email="ada@example.org")
    for name in ("ada.json", "ada.zip"):
        ran("export_person", "ada@example.org", output=tmp_path / name)
        assert (tmp_path / name).stat().st_mode & 0o777 == 0o600
    with pytest.raises(CommandError, match="can't be written: No such file or directory"):
        ran("export_person", "ada@example.org", output=tmp_path / "missing" / "ada.json")


def test_erase_person_on_hold_erases_nothing_and_says_why() -> None:
    contact = make_contact("Ada", "Byron", email="ada@example.org")
    place_hold(actor=None, contact=contact, reason="Lawsuit 7")
    out = StringIO()
    with pytest.raises(CommandError, match="Lawsuit 7"):
        call_command("erase_person", "ada@example.org", stdout=out)
    told = json.loads(out.getvalue())
    assert told["contact"] == contact.pk
    assert "Lawsuit 7" in told["held"]
    contact.refresh_from_db()
    assert contact.name == "Ada Byron"


def test_quality_is_measured_and_reported_by_command() -> None:
    make_contact(email="ada@example.org")
    _lines, measured = ran("measure_quality")
    assert measured["state"] == "done"
    assert QualitySnapshot.objects.exists()
    _lines, audited = ran("audit_quality")
    assert audited["state"] == "done"
    assert audited["job"] > measured["job"]


def test_locate_records_puts_people_on_the_map() -> None:
    make_contact(city="Leeds", country="GB")
    make_contact()
    Place.objects.create(
        country="GB", kind="c", key="leeds", name="Leeds", latitude=53.8, longitude=-1.55, population=8
    )
    assert ran("locate_records")[1] == {"places": 1, "located": 1}
    assert ran("locate_records")[1] == {"places": 1, "located": 0}
