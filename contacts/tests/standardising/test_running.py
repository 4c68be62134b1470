"""Found, looked at, applied, undone; nobody's later edit is lost and nobody else's record is touched."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from contacts.models import Company, Contact, ContactPoint, StandardChange, StandardisingRun
from contacts.selectors.standardising import changes_of
from contacts.services.standardising import choose, start_applying, start_standardising, start_undoing
from contacts.tests.factories import make_company, make_contact
from core.jobs.running import run as run_job
from core.models import RoleGrant, User
from core.services.base import NotAllowed
from core.tests.factories import make_role, make_team, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager() -> User:
    return make_user("manager", make_team("North"))


@pytest.fixture
def contact(manager: User) -> Contact:
    made = make_contact(
        "JOHN", "O'NEILL", owner=manager, job_title="HEAD OF SALES", country="DE", phone="030 1234567",
        email="John@Example.COM",
    )  # fmt: skip
    Contact.objects.filter(pk=made.pk).update(country="de")
    return made


def find(actor: User, *rules: str) -> StandardisingRun:
    wanted = rules or ("phones", "mails", "names", "countries", "legal_forms", "titles")
    run = start_standardising(actor=actor, rules=wanted, wake=False)
    done = run_job(run.find_job_id)
    assert done is not None and done.state == "done", done and done.error
    run.refresh_from_db()
    return run


def apply(actor: User, run: StandardisingRun) -> dict[str, Any]:
    done = run_job(start_applying(actor=actor, run=run, wake=False).pk)
    assert done is not None and done.state == "done", done and done.error
    run.refresh_from_db()
    return done.result


def found(run: StandardisingRun) -> dict[str, tuple[str, str]]:
    return {c.field if c.rule != "phones" else "phone": (c.before, c.after) for c in run.changes.all()}


def test_values_are_found_applied_and_undone(manager: User, contact: Contact) -> None:
    company = make_company("ACME GMBH", owner=manager)
    run = find(manager)
    assert found(run) == {
        "phone": ("030 1234567", "+49301234567"),
        "value": ("John@Example.COM", "john@example.com"),
        "first_name": ("JOHN", "John"),
        "last_name": ("O'NEILL", "O'Neill"),
        "country": ("de", "DE"),
        "name": ("ACME GMBH", "ACME GmbH"),
        "job_title": ("HEAD OF SALES", "Head of Sales"),
    }
    version = Contact.objects.get(pk=contact.pk).version
    result = apply(manager, run)
    assert (result["applied"], result["changed"], result["clash"], run.state) == (7, 0, 0, "applied")
    after = Contact.objects.get(pk=contact.pk)
    assert (after.name, after.sort_name, after.job_title, after.country) == (
        "John O'Neill", "o'neill john", "Head of Sales", "DE",
    )  # fmt: skip
    assert after.version > version
    assert Company.objects.get(pk=company.pk).name == "ACME GmbH"
    points = set(ContactPoint.objects.filter(contact=contact).values_list("value", "normalised"))
    assert points == {("+49301234567",) * 2, ("john@example.com",) * 2}
    undone = run_job(start_undoing(actor=manager, run=run, wake=False).pk)
    assert undone is not None and undone.state == "done", undone and undone.error
    before = Contact.objects.get(pk=contact.pk)
    assert (before.name, before.job_title, before.country) == ("JOHN O'NEILL", "HEAD OF SALES", "de")
    assert Company.objects.get(pk=company.pk).name == "ACME GMBH"
    run.refresh_from_db()
    assert run.state == "undone"
    assert find(manager).found == 7  # as it was


def test_what_somebody_changed_meanwhile_stays(manager: User, contact: Contact) -> None:
    run = find(manager, "titles", "names")
    Contact.objects.filter(pk=contact.pk).update(job_title="Chief")
    assert apply(manager, run)["changed"] == 1
    assert Contact.objects.get(pk=contact.pk).job_title == "Chief"
    Contact.objects.filter(pk=contact.pk).update(last_name="Neill")
    undone = run_job(start_undoing(actor=manager, run=run, wake=False).pk)
    assert undone is not None
    assert undone.result["kept"] == 1
    after = Contact.objects.get(pk=contact.pk)
    assert (after.first_name, after.last_name) == ("JOHN", "Neill")


def test_only_what_is_chosen_is_written(manager: User, contact: Contact) -> None:
    run = find(manager, "names", "titles")
    ids = {change.field: change.pk for change in run.changes.all()}
    choose(actor=manager, run=run, shown=list(ids.values()), chosen=[ids["job_title"]])
    assert apply(manager, run)["applied"] == 1
    after = Contact.objects.get(pk=contact.pk)
    assert (after.first_name, after.job_title) == ("JOHN", "Head of Sales")


def test_a_point_that_is_there_already_is_left(manager: User, contact: Contact) -> None:
    point = ContactPoint.objects.get(contact=contact, kind="phone")
    ContactPoint.objects.filter(pk=point.pk).update(normalised="0301234567")
    ContactPoint.objects.create(
        contact=contact, kind="phone", value="+49301234567", normalised="+49301234567"
    )
    run = find(manager, "phones")
    assert apply(manager, run)["clash"] == 1
    assert ContactPoint.objects.get(pk=point.pk).value == "030 1234567"


def test_records_out_of_scope_are_not_touched(manager: User) -> None:
    stranger = make_user("manager", make_team("South"))
    theirs = make_contact("JANE", "ROE", owner=stranger)
    assert find(manager).found == 0
    run = find(stranger, "names")
    assert run.found == 2
    with pytest.raises(NotAllowed):
        start_applying(actor=manager, run=run)
    Contact.objects.filter(pk=theirs.pk).update(owner=manager, team=manager.team)
    assert apply(stranger, run)["changed"] == 2
    assert Contact.objects.get(pk=theirs.pk).first_name == "JANE"


def test_a_killed_search_goes_on_where_it_was(manager: User, monkeypatch: pytest.MonkeyPatch) -> None:
    from contacts.standardising import finding

    monkeypatch.setattr(finding, "CHUNK", 2)
    for number in range(5):
        make_contact("JOHN", f"DOE{number}", owner=manager)
    run = start_standardising(actor=manager, rules=["names"], wake=False)
    job = run.find_job
    first = finding.sources_of(
        [__import__("contacts.standardising.rules", fromlist=["BY_KEY"]).BY_KEY["names"]], manager
    )[0]
    last, count, changes = next(finding.changes_in(first, manager, after_pk=0, default_country="DE"))
    for change in changes:
        change.run = run
    StandardChange.objects.bulk_create(changes)
    job.checkpoint = {"source": 0, "after": last, "read": count, "found": len(changes)}
    job.save(update_fields=["checkpoint"])
    run_job(job.pk)
    assert StandardChange.objects.filter(run=run).count() == 10
    assert StandardChange.objects.filter(run=run).values("target_pk", "field").distinct().count() == 10


def test_nothing_to_do_and_nobody_else(client: Client, manager: User, contact: Contact) -> None:
    with pytest.raises(ValidationError):
        start_standardising(actor=manager, rules=["everything"])
    seller = make_user("sales", manager.team)
    with pytest.raises(NotAllowed):
        start_standardising(actor=seller, rules=["names"])
    client.force_login(manager)
    assert client.post(reverse("contacts:standardise"), {}).status_code == 422
    run = find(manager)
    client.force_login(make_user("manager", make_team("West")))
    assert client.get(reverse("contacts:standardising", args=[run.pk])).status_code == 404
    client.force_login(seller)
    assert client.get(reverse("contacts:standardise")).status_code == 403


def test_points_that_become_the_same_in_one_batch_are_left_but_one(manager: User) -> None:
    contact = make_contact("Ada", "Roe", owner=manager)
    for value in ("<ada@example.com>", "mailto:ada@example.com"):
        ContactPoint.objects.create(contact=contact, kind="email", value=value, normalised=value)
    result = apply(manager, find(manager, "mails"))
    assert (result["applied"], result["clash"]) == (1, 1)
    values = ContactPoint.objects.filter(contact=contact).order_by("pk").values_list("value", flat=True)
    assert list(values) == ["ada@example.com", "mailto:ada@example.com"]


def test_fields_that_the_role_hides_or_protects_are_not_shown_and_not_written(contact: Contact) -> None:
    role = make_role(
        "clerk", contact="view:all,change:all", company="view:all,change:all", quality="view:all,add:all"
    )
    clerk = make_user(role, make_team("West"))
    run = find(clerk, "names", "titles", "phones", "mails")
    assert run.found == 5
    RoleGrant.objects.filter(role=role, record_type="contact").update(
        hidden_fields=["points", "last_name"], read_only_fields=["job_title"]
    )
    clerk = User.objects.get(pk=clerk.pk)
    assert [change.field for change in changes_of(run, clerk)] == ["first_name"]
    assert apply(clerk, run) == {"applied": 1, "changed": 4, "clash": 0}
    assert find(clerk, "names", "titles", "phones", "mails").found == 0
    after = Contact.objects.get(pk=contact.pk)
    assert (after.first_name, after.last_name, after.job_title) == ("John", "O'NEILL", "HEAD OF SALES")


def test_choice_goes_on_under_the_same_rule(client: Client, manager: User, contact: Contact) -> None:
    run = find(manager, "names", "titles")
    client.force_login(manager)
    url = reverse("contacts:standardising", args=[run.pk])
    kept = client.post(f"{url}?rule=names&cursor=abc", {"do": "keep"})
    assert kept["Location"] == f"{url}?rule=names&cursor=abc"
    assert (
        client.post(f"{url}?rule=names", {"do": "next", "next": "xyz"})["Location"]
        == f"{url}?rule=names&cursor=xyz"
    )
