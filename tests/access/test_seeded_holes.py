"""The access tests can fail: in a scratch copy the protection is taken out at ten places, and each is noticed."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from local.instance import PROJECT_ROOT
from local.pytest_plugin import suite_data_dir

HOLES: dict[str, tuple[str, ...]] = {
    # the test in test_canaries that notices: (file, what stands there, what the hole makes of it), once more where
    # two walls stand behind each other
    "test_list": (
        "core/ui/lists.py",
        "return records.get(cls.record_type).visible_to(user, action)",
        "return records.get(cls.record_type).model._default_manager.all()",
    ),
    "test_count": (
        "core/ui/list_query.py",
        "return count_of(self.filtered())",
        "return count_of(self.page.model()._default_manager.all())",
    ),
    "test_autocomplete": (
        "contacts/selectors/search.py",
        "matching(Contact.objects.visible_to(user), text, user)",
        "matching(Contact.objects.all(), text, user)",
    ),
    "test_fragment": (
        "contacts/views/timeline.py",
        "found = records.resolve(record_type, pk, self.request.user)",
        "found = records.get(record_type).model._default_manager.filter(pk=pk).first()",
    ),
    "test_export": (
        "core/ui/list_query.py",
        "filterset = self.filterset if action == Action.VIEW else self.filters(action)",
        "filterset = self.filterset if action == Action.VIEW else self.filters(action)\n"
        "        filterset.queryset = self.page.model()._default_manager.all()",
    ),
    "test_api": (
        "core/api/views.py",
        "return self.model.objects.visible_to(self.request.user, action)",
        "return self.model.objects.all()",
    ),
    "test_foreign_id": (
        "core/ui/forms.py",
        "field.queryset = _in_scope(field.queryset, user, _current(form, name))",
        "field.queryset = field.queryset.all()",
        "sales/services/links.py",
        "    if seen != len(found):",
        "    if seen > len(found):",
    ),
    "test_hidden_field": (
        "core/ui/list_query.py",
        "if (not column.field or column.field not in hidden)",
        "if (not column.field or hidden is not None)",
        "core/scope/fields.py",
        "for name in profile_for(user).hidden_fields(record.record_type):",
        "for name in ():",
    ),
    "test_history": (
        "core/ui/history_pages.py",
        "        record = self.find(pk)\n        name, shown =",
        "        record = self.type.model._default_manager.get(pk=pk)\n        name, shown =",
    ),
    "test_attachment": (
        "core/services/files.py",
        "return None if user is None else records.resolve(file.attached_type, file.attached_id, user)",
        "return records.get(file.attached_type).model._default_manager.filter(pk=file.attached_id).first()",
    ),
}


def batched(walls: tuple[str, ...]) -> list[tuple[str, str, str]]:
    return [(walls[n], walls[n + 1], walls[n + 2]) for n in range(0, len(walls), 3)]


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    """A copy of the tracked files with all ten holes in it."""
    tracked = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=PROJECT_ROOT, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    for name in filter(None, tracked.split("\0")):
        if (PROJECT_ROOT / name).is_file():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(PROJECT_ROOT / name, tmp_path / name)
    shutil.copytree(PROJECT_ROOT / "static/dist", tmp_path / "static/dist")
    for file, protection, hole in (wall for walls in HOLES.values() for wall in batched(walls)):
        source = (tmp_path / file).read_text()
        assert source.count(protection) == 1, f"{file} has changed: find the place of {protection!r}"
        (tmp_path / file).write_text(source.replace(protection, hole))
    return tmp_path


@pytest.mark.slow
def test_every_seeded_hole_is_noticed(scratch: Path) -> None:
    canaries = "tests/access/test_canaries.py"
    result = subprocess.run(
        [sys.executable, "-m", "pytest", canaries, "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-rf"],
        cwd=scratch,
        env={**os.environ, "CRM_TEST_SERVERS": str(suite_data_dir().resolve())},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    noticed = set(re.findall(rf"FAILED {re.escape(canaries)}::(\w+)", result.stdout))
    assert noticed == set(HOLES), result.stdout[-3000:] + result.stderr[-2000:]
