"""People of a deal through the API: added, given a role, taken off, under the locking of the deal's other rows."""

import json
from typing import Any

import pytest
from django.test import Client

from contacts.models import Contact
from contacts.tests.factories import make_contact
from core.models import RoleGrant, User
from core.tests.factories import make_role, make_team, make_user
from sales.models import Deal, DealContact
from sales.tests.factories import make_deal

pytestmark = pytest.mark.django_db
OWN = "view:own,add:own,change:own,delete:own,export:own"


def send(client: Client, method: str, path: str, headers: dict[str, str] | None = None, **body: Any) -> Any:
    return client.generic(
        method, f"/api/v1/{path}", json.dumps(body), content_type="application/json",
        headers=headers or {},
    )  # fmt: skip


def people(deal: Deal) -> list[tuple[str, str, bool]]:
    rows = DealContact.objects.filter(deal=deal).order_by("-is_primary", "pk").select_related("contact")
    return [(str(row.contact), row.role, row.is_primary) for row in rows]


def test_people_are_added_changed_and_taken_off(client: Client, admin: User) -> None:
    deal, ada, bob = make_deal(), make_contact("Ada", "Byron"), make_contact("Bob", "Stone")
    base = f"deals/{deal.pk}/contacts/"
    first = send(client, "POST", base, contact=ada.pk, role="decision_maker")
    assert first.status_code == 201, first.content
    body = first.json()
    assert {key: body[key] for key in ("contact", "role", "is_primary")} == {
        "contact": {"id": ada.pk, "name": "Ada Byron"}, "role": "decision_maker", "is_primary": True,
    }  # fmt: skip
    assert first["ETag"] == f'"{body["version"]}"'
    second = send(client, "POST", base, contact=bob.pk)
    assert (second.status_code, second.json()["is_primary"]) == (201, False)
    assert client.get(f"/api/v1/{base}").json() == {"results": [body, second.json()]}
    assert client.get(f"/api/v1/deals/{deal.pk}/").json()["contacts"] == [body, second.json()]
    row = f"{base}{second.json()['id']}/"
    changed = send(client, "PATCH", row, role="user", is_primary=True)
    assert (changed.status_code, changed["ETag"]) == (200, f'"{changed.json()["version"]}"')
    assert people(deal) == [("Bob Stone", "user", True), ("Ada Byron", "decision_maker", False)]
    deal.refresh_from_db()
    assert deal.contact == bob
    assert send(client, "DELETE", row).status_code == 204
    assert people(deal) == [("Ada Byron", "decision_maker", True)]
    assert send(client, "DELETE", row).status_code == 404


def test_what_can_not_stand_is_refused_by_field(client: Client, admin: User) -> None:
    ada, bob = make_contact("Ada", "Byron"), make_contact("Bob", "Stone")
    deal = make_deal(contacts=[(ada, "influencer")])
    base, row = f"deals/{deal.pk}/contacts/", f"deals/{deal.pk}/contacts/{deal.deal_contacts.get().pk}/"
    for answer, field in (
        (send(client, "POST", base, contact=ada.pk, role="user"), "contact"),
        (send(client, "POST", base, contact=bob.pk, role="boss"), "role"),
        (send(client, "POST", base, contact=10**9), "contact"),
        (send(client, "POST", base, role="user"), "contact"),
        (send(client, "POST", base, contact=bob.pk, deal=1), "deal"),
        (send(client, "PATCH", row, contact=bob.pk), "contact"),
        (send(client, "PATCH", row, is_primary=False), "is_primary"),
    ):
        assert (answer.status_code, list(answer.json()["errors"])) == (400, [field]), answer.content
    assert people(deal) == [("Ada Byron", "influencer", True)]


def test_an_old_state_is_refused_and_a_key_works_once(client: Client, admin: User) -> None:
    ada, bob = make_contact("Ada", "Byron"), make_contact("Bob", "Stone")
    deal = make_deal(contacts=[(ada, "")])
    base = f"deals/{deal.pk}/contacts/"
    once = {"Idempotency-Key": "k1"}
    first, again = (send(client, "POST", base, once, contact=bob.pk, role="user") for _time in range(2))
    assert (first.status_code, again.status_code, again.json()) == (201, 201, first.json())
    assert send(client, "POST", base, once, contact=bob.pk, role="blocker").status_code == 422
    row, old = f"{base}{first.json()['id']}/", {"If-Match": first["ETag"]}
    assert send(client, "PATCH", row, old, role="blocker").status_code == 200
    assert send(client, "PATCH", row, old, role="influencer").status_code == 412
    assert send(client, "DELETE", row, old).status_code == 412
    assert people(deal)[1] == ("Bob Stone", "blocker", False)


def test_out_of_scope_is_not_there_and_a_missing_capability_is_refused(client: Client, admin: User) -> None:
    seller = make_user(make_role("own", contact=OWN, deal=OWN), make_team("South"))
    mine, hidden = make_contact("Mia", "Mine", owner=seller), make_contact("Cana", "Ry")
    foreign = make_deal(contacts=[(hidden, "")])
    deal = make_deal(owner=seller, contacts=[(mine, ""), (hidden, "user")])
    client.force_login(seller)
    base, before = f"deals/{deal.pk}/contacts/", people(deal)
    theirs = DealContact.objects.get(deal=deal, contact=hidden).pk
    assert client.get(f"/api/v1/deals/{foreign.pk}/contacts/").status_code == 404
    assert send(client, "POST", f"deals/{foreign.pk}/contacts/", contact=mine.pk).status_code == 404
    assert [row["contact"]["name"] for row in client.get(f"/api/v1/{base}").json()["results"]] == ["Mia Mine"]
    for method in ("PATCH", "DELETE"):
        assert send(client, method, f"{base}{theirs}/", role="blocker").status_code == 404
        elsewhere = foreign.deal_contacts.get().pk
        assert send(client, method, f"{base}{elsewhere}/", role="blocker").status_code == 404
    other = make_contact("Ca", "Nary")
    refused, unknown = (
        send(client, "POST", base, contact=pk) for pk in (other.pk, Contact.objects.latest("pk").pk + 9)
    )
    assert (refused.status_code, unknown.status_code) == (400, 400)
    assert refused.content.replace(str(other.pk).encode(), b"") == unknown.content.replace(
        str(other.pk + 9).encode(), b""
    )
    assert people(deal) == before
    client.force_login(make_user("readonly"))
    row = f"{base}{DealContact.objects.get(deal=deal, contact=mine).pk}/"
    assert client.get(f"/api/v1/{base}").status_code == 200
    for answer in (
        send(client, "POST", base, contact=other.pk),
        send(client, "PATCH", row, role="user"),
        send(client, "DELETE", row),
    ):
        assert answer.status_code == 403
    client.force_login(make_user("sales"))
    RoleGrant.objects.filter(role__key="sales", record_type="deal").update(
        view="all", change="all", hidden_fields=["contact"]
    )
    assert client.get(f"/api/v1/{base}").status_code == 403
    assert people(deal) == before


def test_openapi_describes_the_people_of_a_deal(client: Client, admin: User) -> None:
    paths = client.get("/api/v1/schema/?format=json").json()["paths"]
    assert sorted(paths["/api/v1/deals/{id}/contacts/"]) == ["get", "post"]
    row = paths["/api/v1/deals/{id}/contacts/{row_pk}/"]
    assert sorted(row) == ["delete", "patch"]
    assert "If-Match" in [parameter["name"] for parameter in row["patch"]["parameters"]]
