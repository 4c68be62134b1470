"""Data quality, standardising and suggestions through the API."""

import pytest

from contacts.models import Contact, ContactPoint, QualityTarget, StandardChange, ValueSource
from contacts.services.enrichment import suggest
from contacts.services.quality import take_snapshot
from contacts.tests.factories import make_company, make_contact
from core.jobs.running import run as run_job
from core.models import RoleGrant, User
from core.tests.api.conftest import Cost, Send
from core.tests.factories import make_role, make_team, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager() -> User:
    return make_user("manager", make_team("North"))


@pytest.fixture
def admin() -> User:
    return make_user("admin", is_superuser=True)


def suggested(record: object, field: str, value: str) -> ValueSource:
    made = suggest(actor=None, record=record, field=field, value=value, source="signature", confidence=80)  # type: ignore[arg-type]
    assert made is not None
    return made


def test_quality_is_told_in_scope_with_the_lists_behind(manager: User, admin: User, send: Send) -> None:
    make_contact("Ada", owner=manager, email="ada@example.org", source="Fair")
    make_contact("Bob", owner=manager)
    make_contact("Canary", owner=make_user("manager", make_team("South")), source="Canary fair")
    take_snapshot(actor=None, record_type="contact")
    page = send(manager, "GET", "data-quality/?record_type=contact")
    assert "Canary" not in page.content.decode()
    line = next(one for one in page.json()["measures"] if one["key"] == "no_email")
    assert (line["records"], line["flawed"], line["share"]) == (2, 1, 0.5)
    behind = send(manager, "GET", line["rows"]["api_url"].removeprefix("/api/v1/")).json()
    assert ([one["first_name"] for one in behind["results"]], behind["count"]) == (["Bob"], 1)
    everybody = send(admin, "GET", "data-quality/").json()
    assert next(one for one in everybody["measures"] if one["key"] == "no_email")["records"] == 3
    assert {team["label"]: team["records"] for team in everybody["teams"]} == {"North": 2, "South": 1}
    for group in (*everybody["teams"], *everybody["sources"]):
        path = group["rows"]["api_url"].removeprefix("/api/v1/")
        assert send(admin, "GET", path).json()["count"] == group["records"], group
    assert send(admin, "GET", "data-quality/?record_type=planet").status_code == 400


def test_targets_and_counting_need_their_rights(manager: User, admin: User, send: Send) -> None:
    body = {"record_type": "contact", "measure": "no_email", "percent": 80}
    assert send(manager, "PUT", "data-quality/targets/", **body).status_code == 403
    assert send(admin, "PUT", "data-quality/targets/", **body).json() == body
    assert QualityTarget.objects.get().percent == 80
    assert send(admin, "PUT", "data-quality/targets/", **{**body, "percent": 101}).status_code == 400
    assert send(admin, "PUT", "data-quality/targets/", **{**body, "measure": "x"}).status_code == 400
    started = send(manager, "POST", "data-quality/measure/")
    assert (started.status_code, started.json()["job"]["kind"]) == (202, "contacts.measure_quality")
    assert send(admin, "POST", "data-quality/measure/").json() == {"job": None}
    assert send(manager, "POST", "data-quality/audit/").status_code == 403
    assert send(make_user("sales"), "GET", "data-quality/").status_code == 403


def test_standardising_is_searched_chosen_applied_and_undone(manager: User, send: Send) -> None:
    contact = make_contact("JOHN", "O'NEILL", owner=manager, job_title="HEAD OF SALES")
    made = send(manager, "POST", "standardising-runs/", rules=["names", "titles"])
    assert (made.status_code, made.json()["state"]) == (201, "finding"), made.content
    assert run_job(made.json()["find_job"]["id"]).state == "done"  # type: ignore[union-attr]
    base = f"standardising-runs/{made.json()['id']}/"
    changes = send(manager, "GET", f"{base}changes/").json()
    found = {one["field"]: (one["before"], one["after"], one["id"]) for one in changes["results"]}
    assert changes["count"] == 3
    assert found["first_name"][:2] == ("JOHN", "John")
    send(manager, "POST", f"{base}choose/", unwanted=[found["job_title"][2]])
    job = send(manager, "POST", f"{base}apply/").json()
    assert run_job(job["id"]).state == "done"  # type: ignore[union-attr]
    contact.refresh_from_db()
    assert (contact.name, contact.job_title) == ("John O'Neill", "HEAD OF SALES")
    assert send(manager, "POST", f"{base}apply/").status_code == 400
    assert run_job(send(manager, "POST", f"{base}undo/").json()["id"]).state == "done"  # type: ignore[union-attr]
    contact.refresh_from_db()
    assert (contact.name, send(manager, "GET", base).json()["state"]) == ("JOHN O'NEILL", "undone")
    stranger = make_user("manager", make_team("South"))
    assert [send(stranger, "GET", f"{base}{end}").status_code for end in ("", "changes/")] == [404, 404]
    assert send(stranger, "GET", "standardising-runs/").json()["count"] == 0
    assert "phones" in [
        one["key"] for one in send(manager, "GET", "standardising-runs/rules/").json()["results"]
    ]
    assert send(manager, "POST", "standardising-runs/", rules=["planets"]).status_code == 400


def test_changes_of_records_that_left_the_scope_are_not_shown(manager: User, send: Send) -> None:
    contact = make_contact("JOHN", "CANARY", owner=manager)
    run = send(manager, "POST", "standardising-runs/", rules=["names"]).json()
    run_job(run["find_job"]["id"])
    other = make_user("manager", make_team("South"))
    Contact.objects.filter(pk=contact.pk).update(owner=other, team=other.team)
    page = send(manager, "GET", f"standardising-runs/{run['id']}/changes/")
    assert (page.json()["count"], "CANARY" in page.content.decode()) == (0, False)
    assert StandardChange.objects.count() == 2


def test_suggestion_is_accepted_or_refused_once(manager: User, send: Send) -> None:
    contact = make_contact("Ann", owner=manager)
    title, phone = suggested(contact, "job_title", "Buyer"), suggested(contact, "phone", "+442079460018")
    page = send(manager, "GET", f"suggestions/?contact={contact.pk}").json()
    assert [(one["field"], one["value"]) for one in page["results"]] == [
        ("phone", "+442079460018"), ("job_title", "Buyer"),
    ]  # fmt: skip
    accepted = send(manager, "POST", f"suggestions/{title.pk}/accept/").json()
    assert (accepted["state"], accepted["decided_by"]["id"]) == ("accepted", manager.pk)
    assert Contact.objects.get().job_title == "Buyer"
    assert send(manager, "POST", f"suggestions/{title.pk}/accept/").status_code == 400
    assert send(manager, "POST", f"suggestions/{phone.pk}/dismiss/").json()["state"] == "dismissed"
    assert not ContactPoint.objects.exists()
    assert send(manager, "GET", "suggestions/").json()["count"] == 0
    assert send(manager, "GET", "suggestions/?state=accepted").json()["count"] == 1


def test_suggestions_out_of_scope_or_of_hidden_fields_are_nowhere(manager: User, send: Send) -> None:
    other = make_user("sales", make_team("South"))
    hidden = suggested(make_contact("Canary", owner=other), "job_title", "Canary boss")
    for method, path in (("GET", ""), ("POST", "accept/"), ("POST", "dismiss/")):
        assert send(manager, method, f"suggestions/{hidden.pk}/{path}").status_code == 404
    assert send(manager, "GET", f"suggestions/?contact={hidden.contact_id}").status_code == 404
    make_company("Canary AG", owner=other, domain="canary.example")
    suggested(make_contact(owner=manager), "company", "canary.example")
    page = send(manager, "GET", "suggestions/").json()
    assert (page["results"], page["count"]) == ([], 0)
    role = make_role("narrow", contact="view:all,change:all")
    RoleGrant.objects.filter(role=role).update(hidden_fields=["points", "job_title"])
    suggested(hidden.contact, "phone", "+442079460018")
    assert send(make_user(role), "GET", "suggestions/").json()["count"] == 0
    assert ValueSource.objects.filter(state="suggested").count() == 3


def test_looking_at_sites_is_refused_while_it_is_switched_off(manager: User, send: Send) -> None:
    company = make_company(owner=manager, domain="acme.example")
    assert send(manager, "POST", f"companies/{company.pk}/look-up/").status_code == 400


def test_lists_cost_the_same_with_one_and_three_rows(manager: User, send: Send, cost: Cost) -> None:
    counts = []
    for number in range(3):
        contact = make_contact(f"JOHN{number}", "DOE", owner=manager)
        suggested(contact, "job_title", "Buyer")
        run = send(manager, "POST", "standardising-runs/", rules=["names"]).json()
        run_job(run["find_job"]["id"])
        paths = ("suggestions/", "standardising-runs/", f"standardising-runs/{run['id']}/changes/")
        take_snapshot(actor=None, record_type="contact")
        counts.append(cost(manager, *paths, "data-quality/"))
    assert counts[0] == counts[2]
