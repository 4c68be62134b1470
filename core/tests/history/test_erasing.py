"""History loses values only in a recorded erasure, and the application's login alone can't record one."""

import hashlib
import hmac
from typing import Any

import pytest
from django.db import InternalError, ProgrammingError, connection, transaction

from core.history.context import acting
from core.history.erasing import erasure_key, open_erasure
from core.models import Change, Tag
from core.tests.factories import make_user

pytestmark = pytest.mark.django_db


def run(sql: str, params: Any = None) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall() if cursor.description else cursor.rowcount


def refused(sql: str, params: Any = None) -> str:
    with pytest.raises((ProgrammingError, InternalError)) as caught, transaction.atomic():
        run(sql, params)
    return str(caught.value).splitlines()[0]


def changed_tag() -> Tag:
    tag = Tag.objects.create(name="secret")
    Tag.objects.filter(pk=tag.pk).update(name="public")
    return tag


def kept(tag: Tag) -> list[Any]:
    rows = Change.objects.filter(model__label="core.Tag", object_id=tag.pk).order_by("id")
    return list(rows.values_list("op", "before"))


BEFORE = [("I", None), ("U", {"name": "secret"})]


def test_login_is_the_applications_and_owns_nothing() -> None:
    assert run("SELECT session_user, current_user") == [("crm_app", "crm_app")]
    assert run("SELECT count(*) FROM pg_class WHERE relowner = 'crm_app'::regrole") == [(0,)]


def test_direct_call_is_refused() -> None:
    tag = changed_tag()
    assert refused("SELECT history.erase('core.Tag', %s)", [tag.pk]) == (
        "no erasure was opened in this transaction"
    )
    assert kept(tag) == BEFORE


@pytest.mark.parametrize("proof", [b"", b"\0" * 32, None])
def test_erasure_without_proof_is_refused(proof: bytes | None) -> None:
    words = refused("SELECT history.begin_erasure('contact:1', 'a reason', %s)", [proof])
    assert words == "erasing history has to be proved with the installation's key"


def test_proof_is_good_for_one_transaction_subject_and_reason() -> None:
    (number,) = run("SELECT pg_current_xact_id()::text")[0]

    def proof(*lines: str) -> bytes:
        return hmac.digest(erasure_key(), "\n".join(lines).encode(), hashlib.sha256)

    call = "SELECT history.begin_erasure('contact:1', 'why', %s)"
    assert "has to be proved" in refused(call, [proof(str(int(number) - 1), "contact:1", "why")])
    assert "has to be proved" in refused(call, [proof(number, "contact:2", "why")])
    assert "has to be proved" in refused(call, [proof(number, "contact:1", "other")])
    assert run(call, [proof(number, "contact:1", "why")])


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO history.erasure (changeset_id, subject, reason) VALUES (1, 'contact:1', 'forged')",
        "UPDATE history.erasure SET reason = 'other'",
        "DELETE FROM history.erasure",
        "TRUNCATE history.erasure",
        "SELECT inner_pad FROM history.erasure_key",
        "UPDATE history.erasure_key SET inner_pad = ''",
        "INSERT INTO history.erasure_key (single, inner_pad, outer_pad) VALUES (true, '', '')",
        "UPDATE history.change SET before = NULL",
        "DELETE FROM history.change",
        "TRUNCATE history.change",
        "UPDATE history.changeset SET actor_id = NULL",
        "DELETE FROM history.changeset",
        "DELETE FROM history.model",
        "ALTER TABLE core_tag DISABLE TRIGGER ALL",
        "DROP TRIGGER crm_history_update ON core_tag",
        "CREATE OR REPLACE FUNCTION history.begin_erasure(text, text, bytea) RETURNS bigint"
        " LANGUAGE sql AS 'SELECT 1::bigint'",
        "SET ROLE crm_history",
        "SET session_replication_role = replica",
        "COPY history.erasure_key TO STDOUT",
    ],
)
def test_application_cannot_touch_what_is_recorded(sql: str) -> None:
    words = refused(sql)
    assert "permission denied" in words or "must be owner" in words


def test_erasure_is_recorded_with_who_and_why() -> None:
    user, tag = make_user(), changed_tag()
    with acting(user, cause="page"):
        number = open_erasure(subject=f"tag:{tag.pk}", reason="request:7")
        run("SELECT history.erase('core.Tag', %s)", [tag.pk])
    assert run(
        "SELECT e.subject, e.reason, e.login, c.actor_id, c.cause FROM history.erasure e"
        " JOIN history.changeset c ON c.id = e.changeset_id WHERE e.id = %s",
        [number],
    ) == [(f"tag:{tag.pk}", "request:7", "crm_app", user.pk, "page")]
    assert kept(tag) == [("I", None), ("U", {}), ("E", None)]


def test_erasure_needs_a_reason() -> None:
    with pytest.raises(Exception, match="erasure_reason_check"), transaction.atomic():
        open_erasure(subject="tag:1", reason="")


@pytest.mark.django_db(transaction=True)
def test_erasure_ends_with_its_transaction() -> None:
    tag = changed_tag()
    with transaction.atomic():
        open_erasure(subject=f"tag:{tag.pk}", reason="asked for")
    assert "no erasure was opened" in refused("SELECT history.erase('core.Tag', %s)", [tag.pk])


def test_erasure_that_was_rolled_back_to_a_savepoint_is_none() -> None:
    tag = changed_tag()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        open_erasure(subject=f"tag:{tag.pk}", reason="asked for")
        raise ZeroDivisionError
    assert "no erasure was opened" in refused("SELECT history.erase('core.Tag', %s)", [tag.pk])
