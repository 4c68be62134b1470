"""Every URL × method × person: the right ones get in, the others are refused, and a refusal changes nothing."""

from typing import Any

import pytest
from django.core import mail
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from contacts.models import TimelineEntry
from core.models import Job, Notification, OutboxEvent, User
from core.registries import records
from core.scope.access import profile_for
from tests.access.inventory import CAPABILITY, PERSONAL, PUBLIC, SIGNED_IN, TYPE, Route, routes
from tests.access.world import SECRET, World, make_world

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
REFUSED = (401, 403, 404)
NEEDS_MORE = {
    # what else the URL needs before it does anything; without it even the right person is told 403 or 404
    "core:mark": "which mark",
    "core:restore": "a record in the recycle bin",
    "core:put_back": "a change of the record",
    "core:field": "a field that the type has",
    "core:document_unlink": "a document",
    "contacts:affiliation_update": "an affiliation of the person",
    "contacts:affiliation_end": "an affiliation of the person",
    "contacts:affiliation_primary": "an affiliation of the person",
    "contacts:affiliation_remove": "an affiliation of the person",
    "contacts:contact_address_update": "an address of the person",
    "contacts:contact_address_remove": "an address of the person",
    "contacts:company_address_update": "an address of the company",
    "contacts:company_address_remove": "an address of the company",
    "contacts:contact_point_update": "a way to reach the person",
    "contacts:company_point_update": "a way to reach the company",
    "contacts:relationship_update": "a relationship of the person",
    "contacts:relationship_remove": "a relationship of the person",
    "api:contact-affiliation": "an affiliation of the person",
    "api:contact-address": "an address of the person",
    "api:contact-relationship": "a relationship of the person",
    "api:contact-point": "a way to reach the person",
    "api:company-point": "a way to reach the company",
    "api:deal-contact": "a person on the deal",
    "api:document-links": "a record that the document belongs to",
    "api:company-address": "an address of the company",
    "sales:deal_board": "a card to move",
    "sales:deal_contact_remove": "a person on the deal",
    "service:attachment": "an attachment",
    "service:message_raw": "a mail that came in",
    "service:message_resend": "a mail that could not be sent",
    "marketing:campaign_progress": "a campaign under way",
    "marketing:recipient_resolve": "a recipient in doubt",
}
GENERIC = ("contact", "deal", "ticket", "campaign")
"""Record types with which URLs are tried that take the type as a parameter."""


@pytest.fixture
def world() -> World:
    return make_world()


def test_every_url_says_who_may_open_it() -> None:
    assert len(routes()) > 100


@pytest.mark.parametrize(
    "person",
    [
        "anonymous", "owner", "peer", "stranger", "manager", "other manager", "marketing", "service", "analyst",
        "readonly", "nobody", "own only", "deactivated", "admin",
    ],
)  # fmt: skip
def test_url_method_person(world: World, person: str) -> None:
    """One person against every URL; all that is wrong is told at once."""
    wrong = []
    client = Client(raise_request_exception=False)
    user = world.people[person]
    if user is not None:
        client.force_login(user)
        if user.is_active:
            # the session's first request writes it: here it stays written, in a cell it would be rolled back each time
            client.get(reverse("core:livez"))
    for route in routes():
        for record_type in [route.rule.name] if "record_type" not in route.parameters else GENERIC:
            wrong += check(world, person, client, route, record_type)
    assert not wrong, "\n".join(wrong)


def check(world: World, person: str, client: Client, route: Route, record_type: str) -> list[str]:
    """Call the URL as the person, in a transaction of its own that is rolled back."""
    record = world.records.get(record_type)
    if "pk" in route.parameters and record is None and route.rule.kind == TYPE:
        return []  # types without a record of their own in this world (pipelines): their lists are tried
    user = world.people[person]
    expected = expectation(route, record_type, user, record)
    with transaction.atomic():
        before = counters() if expected != "allowed" else {}
        response = call(client, route, record_type, record)
        after = counters() if expected != "allowed" else {}
        transaction.set_rollback(True)
    where = f"{person}: {route} {record_type}"
    if (
        expected == "allowed"
        and response.status_code in (403, 404)
        and (route.name in NEEDS_MORE or is_bulk(route))
    ):
        return []
    problems = (
        []
        if fits(expected, response, route)
        else [f"{where}: expected {expected}, got {response.status_code}"]
    )
    if expected != "allowed" and before != after:
        problems.append(f"{where}: refused, but wrote {changed(before, after)}")
    if (
        expected != "allowed"
        and SECRET in text_of(response)
        and (record is None or user is None or not in_scope(user, record_type, record, "view"))
    ):
        problems.append(f"{where}: refused, but showed the record")
    return problems


def is_bulk(route: Route) -> bool:
    """A POST to a list: a bulk action, which this call does not name."""
    return route.method == "POST" and route.name.endswith("_list")


def text_of(response: Any) -> str:
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return str(content.decode(errors="replace"))


def expectation(route: Route, record_type: str, user: User | None, record: Any) -> str:
    """What the rule says, worked out from roles and ownership: `allowed`, 403, 404 or `sign in`."""
    rule = route.rule
    if rule.kind == PUBLIC:
        return "public"
    if user is None or not user.is_active:
        return "sign in"
    profile = profile_for(user)
    if rule.kind == SIGNED_IN:
        return "allowed"
    if rule.kind == CAPABILITY:
        return "allowed" if profile.can(rule.name) else "403"
    if rule.kind == PERSONAL:
        return "404" if not rule.name or profile.can(rule.name) else "403"
    if not profile.allows(record_type, rule.action) or (rule.capability and not profile.can(rule.capability)):
        return "403"
    if "pk" not in route.parameters:
        return "allowed"
    return (
        "allowed"
        if in_scope(user, record_type, record, rule.action)
        else seen_or_not(user, record_type, record)
    )


def in_scope(user: User, record_type: str, record: Any, action: str) -> bool:
    if not user.is_active:
        return False
    return bool(records.get(record_type).visible_to(user, action).filter(pk=record.pk).exists())


def seen_or_not(user: User, record_type: str, record: Any) -> str:
    return "403" if in_scope(user, record_type, record, "view") else "404"


def fits(expected: str, response: Any, route: Route) -> bool:
    status = response.status_code
    if expected == "public":
        return status < 500
    if expected == "sign in":
        to_login = status == 302 and "/accounts/login/" in response["Location"]
        return status == 401 or (not route.api and to_login)
    if expected == "allowed":
        return status < 500 and status not in REFUSED
    if expected == "404" and route.rule.kind == PERSONAL:
        return status in (404, 405, 302, 303, 403)
    if expected == "403" and status == 404 and route.api:
        return True  # out of scope and not allowed anyway: the API looks at the scope first
    if expected == "403" and status == 404 and "record_type" in route.parameters:
        return True  # a type that one may not see is as unknown as a wrong one
    return str(status) == expected or status == 405 or (route.name in NEEDS_MORE and status == 404)


def call(client: Client, route: Route, record_type: str, record: Any) -> Any:
    values = {
        "pk": getattr(record, "pk", 987_654_321),
        "record_type": record_type,
        "name": "name" if record_type != "contact" else "source",
        "token": "forged",
        "key": "marketing",  # the words of a consent
        "link": 0,
        "format": "json",
    }
    kwargs = {name: values.get(name, 987_654_321) for name in route.parameters if name != "format"}
    url = reverse(route.name, kwargs=kwargs)
    if route.api and route.method != "GET":
        return client.generic(route.method, url, "{}", content_type="application/json")
    return client.generic(route.method, url, "", content_type="application/x-www-form-urlencoded")


COUNTED = {
    "history": "(SELECT coalesce(max(id), 0) FROM history.change)",
    "jobs": f"(SELECT count(*) FROM {Job._meta.db_table})",
    "notifications": f"(SELECT count(*) FROM {Notification._meta.db_table})",
    "timeline": f"(SELECT count(*) FROM {TimelineEntry._meta.db_table})",
    "outbox": f"(SELECT count(*) FROM {OutboxEvent._meta.db_table})",
}


def counters() -> dict[str, int]:
    """What any write would move: the history counts them all but for queues and copies, counted beside it."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(COUNTED.values())}")
        found = dict(zip(COUNTED, cursor.fetchone(), strict=True))
    return {**found, "mail": len(mail.outbox)}


def changed(before: dict[str, int], after: dict[str, int]) -> list[str]:
    return [name for name, number in before.items() if after[name] != number]


def test_the_matrix_has_both_kinds_of_cells(world: World) -> None:
    """That the expectations are not all one answer: a matrix of one word would prove nothing."""
    answers = {
        expectation(route, route.rule.name, user, world.records[route.rule.name])
        for route in routes()
        if route.rule.name in world.records
        for user in world.people.values()
    }
    assert answers == {"allowed", "403", "404", "sign in"}
    assert profile_for(world.people["admin"]).everything
