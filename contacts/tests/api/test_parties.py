"""Search, ways to reach, lifecycle, places and structure through the API."""

import pytest

from contacts.models import ContactPoint, Place
from contacts.services.lifecycle import apply_lifecycle_rules
from contacts.services.parties import update_contact
from contacts.services.relationships import ensure_standard_kinds, relate
from contacts.tests.factories import make_affiliation, make_company, make_contact
from core.models import RoleGrant, User
from core.tests.api.conftest import Cost, Send
from core.tests.factories import make_role, make_team, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin() -> User:
    return make_user("admin", is_superuser=True, name="Root")


def test_list_is_searched_as_the_page_and_refuses_what_is_no_filter(seller: User, send: Send) -> None:
    make_contact("Ada", "Byron", owner=seller, email="ada@analytical.example")
    make_contact("Bob", "Stone", owner=seller)
    make_contact("Ada", "Canary", owner=make_user("sales", make_team("South")))
    for text in ("ada", "analytical.ex"):
        page = send(seller, "GET", f"contacts/?q={text}").json()
        assert ([one["name"] for one in page["results"]], page["count"]) == (["Ada Byron"], 1)
    for path in ("contacts/?sort=name", "deals/?q=x", "contacts/?planet=earth"):
        refused = send(make_user("admin", is_superuser=True), "GET", path)
        assert (refused.status_code, len(refused.json()["errors"])) == (400, 1)


def test_points_are_listed_added_changed_and_removed(seller: User, send: Send) -> None:
    contact = make_contact(owner=seller, country="DE", email="ada@example.org")
    base = f"contacts/{contact.pk}/points/"
    made = send(seller, "POST", base, kind="phone", value="030 1234567", label="work")
    assert made.status_code == 201, made.content
    row = made.json()
    assert (row["normalised"], row["is_primary"], row["label"]) == ("+49301234567", True, "work")
    rows = send(seller, "GET", base).json()["results"]
    assert [one["value"] for one in rows] == ["ada@example.org", "030 1234567"]
    assert (
        send(seller, "PATCH", f"{base}{row['id']}/", value="030 7654321").json()["normalised"]
        == "+49307654321"
    )
    assert send(seller, "PATCH", f"{base}{row['id']}/", kind="email").status_code == 400
    assert send(seller, "POST", base, kind="email", value="nobody").status_code == 400
    other = make_contact(owner=seller)
    assert send(seller, "DELETE", f"contacts/{other.pk}/points/{row['id']}/").status_code == 404
    assert send(seller, "DELETE", f"{base}{row['id']}/").status_code == 204
    assert ContactPoint.objects.filter(contact=contact).count() == 1


def test_hidden_points_addresses_and_stage_are_not_told_or_written(send: Send) -> None:
    role = make_role("narrow", contact="view:all,change:all")
    RoleGrant.objects.filter(role=role).update(hidden_fields=["points", "city", "lifecycle_stage"])
    reader, contact = make_user(role, make_team()), make_contact(email="canary@example.org", city="Leeds")
    for method, path in (
        ("GET", "points/"), ("POST", "points/"), ("GET", "addresses/"), ("POST", "addresses/"), ("GET", "lifecycle/"),
    ):  # fmt: skip
        assert send(reader, method, f"contacts/{contact.pk}/{path}").status_code == 403, path
    for path in ("contacts/map/", "contacts/nearby/?near=5 km of Leeds"):
        answer = send(reader, "GET", path)
        assert (answer.status_code in (400, 403), "Leeds" in answer.json().get("results", "")) == (
            True,
            False,
        )


def test_lifecycle_rules_move_and_the_way_is_told(admin: User, send: Send) -> None:
    contact = make_contact(lifecycle_stage="lead", city="Leeds")
    rule = {"field": "city", "op": "is", "value": "Leeds"}
    body = {"name": "Local", "from_stage": "lead", "to_stage": "customer", "rule": rule, "is_automatic": True}
    made = send(admin, "POST", "lifecycle-rules/", **body)
    assert (made.status_code, made["ETag"]) == (201, '"1"'), made.content
    assert send(admin, "GET", "lifecycle-rules/").json()["results"] == [made.json()]
    wrong = send(
        admin, "POST", "lifecycle-rules/", **{**body, "rule": {"field": "planet", "op": "is", "value": 1}}
    )
    assert (wrong.status_code, list(wrong.json()["errors"])) == (400, ["rule"])
    assert apply_lifecycle_rules(actor=None) == 1
    stays = send(admin, "GET", f"contacts/{contact.pk}/lifecycle/").json()["results"]
    assert [(one["stage"], one["why"], one["is_current"]) for one in stays] == [
        ("customer", "rule “Local”", True), ("lead", "", False),
    ]  # fmt: skip
    url = f"lifecycle-rules/{made.json()['id']}/"
    assert send(admin, "PATCH", url, {"If-Match": '"1"'}, is_active=False).json()["version"] == 2
    assert send(admin, "PATCH", url, {"If-Match": '"1"'}, is_active=True).status_code == 412
    assert send(admin, "DELETE", url).status_code == 204
    assert send(admin, "GET", "lifecycle-rules/").json()["count"] == 0


def test_map_counts_and_nearby_orders_by_distance_in_scope(seller: User, send: Send) -> None:
    towns = {"leeds": (53.79648, -1.54785), "york": (53.95763, -1.08271), "london": (51.50853, -0.12574)}
    for key, (latitude, longitude) in towns.items():
        place = {"name": key.title(), "latitude": latitude, "longitude": longitude, "population": 9}
        Place.objects.create(country="GB", kind="c", key=key, **place)
    for name, city in (("Ann", "York"), ("Bob", "Leeds"), ("Cid", "Leeds"), ("Dan", "London")):
        make_contact(name, "Place", owner=seller, city=city, country="GB")
    make_contact("Canary", owner=make_user("sales", make_team("South")), city="Leeds", country="GB")
    found = send(seller, "GET", "contacts/map/").json()
    assert [(town["city"], town["count"]) for town in found["towns"]] == [
        ("Leeds", 2),
        ("London", 1),
        ("York", 1),
    ]
    assert (found["located"], found["count"]) == (4, 4)
    first = send(seller, "GET", "contacts/nearby/?near=50 km of Leeds&page_size=2").json()
    assert [(one["name"], one["distance_km"]) for one in first["results"]] == [
        ("Bob Place", 0),
        ("Cid Place", 0),
    ]
    rest = send(seller, "GET", f"contacts/nearby/?near=50 km of Leeds&cursor={first['next']}").json()
    assert [(one["name"], round(one["distance_km"])) for one in rest["results"]] == [("Ann Place", 35)]
    assert (first["count"], rest["next"]) == (3, None)
    assert send(seller, "GET", "contacts/nearby/?near=50 km of Atlantis").status_code == 400
    assert send(seller, "GET", "contacts/nearby/").status_code == 400


def test_tree_and_org_chart_hold_who_may_be_seen(seller: User, send: Send) -> None:
    other = make_user("sales", make_team("South"))
    top = make_company("Acme plc", owner=seller)
    here = make_company("Acme UK", owner=seller, parent=top)
    make_company("Canary Ltd", owner=other, parent=top)
    ensure_standard_kinds(actor=None)
    boss, hand = make_contact("Ada", "Boss", owner=seller), make_contact("Bob", "Hand", owner=seller)
    hidden = make_contact("Canary", "Hidden", owner=other)
    for person in (boss, hand, hidden):
        make_affiliation(person, here, title="CTO")
    relate(actor=None, contact=hand, kind=_kind(), other=boss)
    tree = send(seller, "GET", f"companies/{here.pk}/tree/").json()
    child = {"id": here.pk, "name": "Acme UK", "is_here": True, "children": []}
    assert tree == {"results": [{"id": top.pk, "name": "Acme plc", "is_here": False, "children": [child]}]}
    chart = send(seller, "GET", f"companies/{here.pk}/org-chart/").json()
    below = {"id": hand.pk, "name": "Bob Hand", "title": "CTO", "reports": []}
    assert chart == {
        "trees": [{"id": boss.pk, "name": "Ada Boss", "title": "CTO", "reports": [below]}], "others": [],
        "is_complete": True,
    }  # fmt: skip


def _kind() -> object:
    from contacts.models import RelationshipKind

    return RelationshipKind.objects.get(key="reports_to")


def test_every_profile_answer_has_its_rows_in_the_api(admin: User, send: Send) -> None:
    contact = make_contact("Ada", "Byron", email="ada@example.org", company=make_company())
    update_contact(actor=None, contact=contact, changes={"job_title": "CTO"})
    answers = send(admin, "GET", f"contacts/{contact.pk}/profile/").json()["answers"]
    assert len(answers) == 19
    links = [rows["api_url"] for answer in answers for rows in answer["rows"] if rows["api_url"]]
    for link in links:
        assert send(admin, "GET", link.removeprefix("/api/v1/")).status_code == 200, link


def test_nested_lists_cost_the_same_with_one_and_three_rows(seller: User, send: Send, cost: Cost) -> None:
    contact, counts = make_contact(owner=seller), []
    company = make_company(owner=seller)
    for number in range(3):
        send(seller, "POST", f"contacts/{contact.pk}/points/", kind="email", value=f"a{number}@example.org")
        make_affiliation(make_contact(owner=seller), company)
        make_company(owner=seller, parent=company)
        paths = (
            f"contacts/{contact.pk}/points/",
            f"companies/{company.pk}/org-chart/",
            f"companies/{company.pk}/tree/",
        )
        counts.append(cost(seller, *paths, "contacts/map/"))
    assert counts[0] == counts[2]
