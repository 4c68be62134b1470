"""What the triggers record: every way of writing, with who and why, and nobody can edit it."""

import io
from datetime import timedelta

import pytest
from django.db import ProgrammingError, connection, transaction
from django.utils import timezone

from core.history.context import acting
from core.history.erasing import open_erasure
from core.history.selectors import as_of, history_of
from core.history.undo import undo_changesets
from core.models import Change, ChangeSet, Tag
from core.tests.factories import make_user

pytestmark = pytest.mark.django_db


def changes_of(label: str) -> list[tuple[str, dict | None]]:
    return list(Change.objects.filter(model__label=label).order_by("id").values_list("op", "before"))


def test_insert_update_delete_are_recorded_with_values_before() -> None:
    tag = Tag.objects.create(name="new", colour=1)
    Tag.objects.filter(pk=tag.pk).update(name="newer")
    row = Tag.objects.filter(pk=tag.pk).values("name", "colour").get()
    assert row == {"name": "newer", "colour": 1}
    tag.delete()
    recorded = changes_of("core.Tag")
    assert [op for op, _before in recorded] == ["I", "U", "D"]
    assert recorded[0][1] is None
    assert recorded[1][1] == {"name": "new"}
    assert recorded[2][1]["name"] == "newer"


def test_actor_and_cause_stand_on_the_changeset() -> None:
    user = make_user()
    with acting(user, cause="page", request_id="r1"):
        Tag.objects.create(name="one")
    with acting(None, cause="job:7"):
        Tag.objects.create(name="two")
    sets = ChangeSet.objects.filter(changes__model__label="core.Tag").order_by("id")
    assert list(sets.values_list("actor_id", "cause", "request")) == [
        (user.pk, "page", "r1"),
        (None, "job:7", ""),
    ]


def test_bulk_raw_sql_and_copy_are_recorded() -> None:
    with acting(None, cause="import:1"):
        Tag.objects.bulk_create([Tag(name="a"), Tag(name="b")])
        with connection.cursor() as cursor:
            cursor.execute("UPDATE core_tag SET colour = 3")
            cursor.copy_expert(
                "COPY core_tag (created_at, updated_at, name, colour) FROM STDIN WITH CSV",
                io.StringIO("2026-01-01,2026-01-01,c,1\n2026-01-01,2026-01-01,d,1\n"),
            )
    assert [op for op, _before in changes_of("core.Tag")] == ["I", "I", "U", "U", "I", "I"]
    assert set(
        ChangeSet.objects.filter(changes__model__label="core.Tag").values_list("cause", flat=True)
    ) == {"import:1"}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE history.change SET before = NULL",
        "DELETE FROM history.change",
        "TRUNCATE history.change",
        "INSERT INTO history.change (at, changeset_id, model_id, object_id, op) VALUES (now(), 1, 1, 1, 'U')",
        "UPDATE history.changeset SET actor_id = 1",
        "DROP TRIGGER crm_history_update ON core_tag",
        "ALTER TABLE core_tag DISABLE TRIGGER ALL",
        "SET session_replication_role = replica",
    ],
)
def test_application_cannot_edit_history(statement: str) -> None:
    Tag.objects.create(name="kept")
    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert changes_of("core.Tag") == [("I", None)]


def test_somebody_elses_changeset_is_not_believed() -> None:
    with acting(None, cause="first"):
        Tag.objects.create(name="one")
    known = ChangeSet.objects.get(cause="first")
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('crm.changeset', %s, true)", [str(known.pk + 1000)])
    with acting(None, cause="second"):
        Tag.objects.create(name="two")
    assert ChangeSet.objects.filter(cause="second").count() == 1


def test_history_of_shows_values_before_and_after() -> None:
    user = make_user()
    tag = Tag.objects.create(name="a", colour=1)
    with acting(user, cause="page"):
        Tag.objects.filter(pk=tag.pk).update(name="b")
        Tag.objects.filter(pk=tag.pk).update(name="c", colour=2)
    tag.refresh_from_db()
    entries = history_of(tag)
    assert [(entry.op, {f.field: (f.before, f.after) for f in entry.fields}) for entry in entries] == [
        ("U", {"name": ("b", "c"), "colour": (1, 2)}),
        ("U", {"name": ("a", "b")}),
        ("I", {}),
    ]
    assert entries[0].actor == user


def test_undo_restores_updates_deletes_and_inserts() -> None:
    keep = Tag.objects.create(name="keep", colour=1)
    gone = Tag.objects.create(name="gone", colour=2)
    with acting(None, cause="bulk"):
        Tag.objects.filter(pk=keep.pk).update(name="changed")
        Tag.objects.filter(pk=gone.pk).delete()
        made = Tag.objects.create(name="made")
    ids = list(ChangeSet.objects.filter(cause="bulk").values_list("pk", flat=True))
    outcome = undo_changesets(ids, actor=None)
    assert (outcome.deleted, outcome.restored, outcome.reinserted, outcome.skipped) == (1, 1, 1, [])
    assert sorted(Tag.objects.values_list("pk", "name")) == [(keep.pk, "keep"), (gone.pk, "gone")]
    assert not Tag.objects.filter(pk=made.pk).exists()


def test_undo_leaves_what_somebody_changed_since() -> None:
    tag = Tag.objects.create(name="a", colour=1)
    with acting(None, cause="bulk"):
        Tag.objects.filter(pk=tag.pk).update(name="b", colour=2)
    with acting(None, cause="later"):
        Tag.objects.filter(pk=tag.pk).update(name="c")
    outcome = undo_changesets(
        list(ChangeSet.objects.filter(cause="bulk").values_list("pk", flat=True)), actor=None
    )
    assert Tag.objects.values_list("name", "colour").get(pk=tag.pk) == ("c", 1)
    assert outcome.skipped == [{"model": "core.Tag", "id": tag.pk, "reason": "changed since"}]


def test_erase_takes_values_out_and_says_so() -> None:
    tag = Tag.objects.create(name="secret")
    Tag.objects.filter(pk=tag.pk).update(name="public")
    open_erasure(subject=f"tag:{tag.pk}", reason="asked for")
    with connection.cursor() as cursor:
        cursor.execute("SELECT history.erase('core.Tag', %s)", [tag.pk])
    assert changes_of("core.Tag") == [("I", None), ("U", {}), ("E", None)]


def test_as_of_gives_the_values_of_a_moment() -> None:
    tag = Tag.objects.create(name="a")
    before = timezone.now() - timedelta(days=1)
    with connection.cursor() as cursor:  # changes of one transaction share its time, so ask for now
        cursor.execute("SELECT now()")
        moment = cursor.fetchone()[0]
    assert as_of(Tag, tag.pk, before) is None
    assert (as_of(Tag, tag.pk, moment) or {})["name"] == "a"
