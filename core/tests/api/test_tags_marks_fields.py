"""Tags, favourites and the definitions of custom fields through the API."""

import pytest

from contacts.services.parties import update_contact
from contacts.tests.factories import make_contact
from core.models import CustomField, Favourite, Tag, User
from core.services.marks import set_marks
from core.services.tags import create_tag
from core.services.tokens import create_token
from core.tests.api.conftest import Cost, Send
from core.tests.factories import make_role, make_team, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin() -> User:
    return make_user("admin", is_superuser=True)


def test_tag_is_made_renamed_counted_and_removed(admin: User, send: Send) -> None:
    made = send(admin, "POST", "tags/", name=" Key  account ", colour=4)
    assert (made.status_code, made.json()["name"], made.json()["uses"]) == (201, "Key account", 0)
    update_contact(actor=None, contact=make_contact(), changes={"tags": ["Key account"]})
    url = f"tags/{made.json()['id']}/"
    assert send(admin, "GET", url).json()["uses"] == 1
    again = send(admin, "POST", "tags/", name="key ACCOUNT", colour=4)
    assert again.status_code == 400
    stale = {"If-Match": '"1"'}
    assert send(admin, "PATCH", url, stale, name="VIP").status_code == 412
    assert send(admin, "PATCH", url, {"If-Match": made["ETag"]}, name="VIP").json()["colour"] == 4
    assert send(admin, "PATCH", url, colour=9).status_code == 400
    assert send(admin, "DELETE", url).status_code == 204
    assert not Tag.objects.exists()


def test_tags_are_merged_into_one(admin: User, send: Send) -> None:
    one, two, three = (create_tag(actor=None, name=name) for name in ("Fair", "fairs", "Expo"))
    update_contact(actor=None, contact=make_contact(), changes={"tags": ["fairs", "Expo"]})
    update_contact(actor=None, contact=make_contact(), changes={"tags": ["Fair"]})
    lost = send(admin, "POST", "tags/merge/", ids=[two.pk, 987654], into=one.pk)
    assert (lost.status_code, Tag.objects.count()) == (400, 3)
    merged = send(admin, "POST", "tags/merge/", ids=[two.pk, three.pk], into=one.pk)
    assert (merged.status_code, merged.json()["name"], merged.json()["uses"]) == (200, "Fair", 2)
    page = send(admin, "GET", "tags/?q=fai").json()
    assert ([tag["id"] for tag in page["results"]], page["count"]) == ([one.pk], 1)
    reader = make_user(make_role("r", tag="view:all"))
    assert send(reader, "POST", "tags/merge/", ids=[one.pk], into=one.pk).status_code == 403


def test_marks_are_set_listed_and_taken_off(seller: User, send: Send) -> None:
    contact = make_contact("Ada", "Byron", owner=seller)
    on_it = {"record_type": "contact", "object_id": contact.pk}
    made = send(seller, "POST", "favourites/", **on_it, following=True)
    assert made.status_code == 200, made.content
    row = made.json()
    assert (row["name"], row["starred"], row["following"]) == ("Ada Byron", False, True)
    assert send(seller, "POST", "favourites/", **on_it, following=True).json() == row
    starred = send(seller, "PATCH", f"favourites/{row['id']}/", starred=True).json()
    assert (starred["starred"], starred["following"]) == (True, True)
    admin = make_user("admin", is_superuser=True)
    who = send(admin, "GET", f"favourites/followers/?record_type=contact&object_id={contact.pk}").json()
    assert (who["results"], who["count"]) == ([{"id": seller.pk, "name": "Sally Seller"}], 1)
    assert send(admin, "GET", f"favourites/{row['id']}/").status_code == 404
    assert send(seller, "DELETE", f"favourites/{row['id']}/").status_code == 204
    assert send(seller, "GET", "favourites/").json()["count"] == 0


def test_marks_on_records_out_of_scope_are_not_listed_or_counted(seller: User, send: Send) -> None:
    other = make_user("sales", make_team("South"))
    seen, gone = make_contact("Ada", owner=seller), make_contact("Canary", owner=seller)
    for one in (seen, gone):
        set_marks(actor=seller, record=one, starred=True)
    update_contact(actor=None, contact=gone, changes={"owner": other})
    page = send(seller, "GET", "favourites/").json()
    assert ([one["object_id"] for one in page["results"]], page["count"]) == ([seen.pk], 1)
    refused = send(seller, "POST", "favourites/", record_type="contact", object_id=gone.pk, starred=True)
    assert refused.status_code == 404
    who = send(seller, "GET", f"favourites/followers/?record_type=contact&object_id={gone.pk}")
    assert who.status_code == 404


def test_a_token_that_may_only_read_marks_nothing(seller: User, send: Send) -> None:
    contact = make_contact(owner=seller)
    token = create_token(actor=seller, user=seller, name="reader", scopes=["*:read"])
    refused = send(
        seller, "POST", "favourites/", {"Authorization": f"Bearer {token}"},
        record_type="contact", object_id=contact.pk, starred=True,
    )  # fmt: skip
    assert (refused.status_code, Favourite.objects.count()) == (403, 0)


def test_custom_field_is_defined_changed_retyped_and_archived(admin: User, send: Send) -> None:
    options = [{"label": "Monthly"}, {"label": "Yearly"}]
    made = send(
        admin, "POST", "custom-fields/", record_type="contact", label="Contract", kind="choice", options=options
    )  # fmt: skip
    assert made.status_code == 201, made.content
    row, url = made.json(), f"custom-fields/{made.json()['id']}/"
    assert (row["key"], [one["value"] for one in row["options"]]) == ("contract", ["monthly", "yearly"])
    assert send(admin, "PATCH", url, {"If-Match": made["ETag"]}, label="Plan").json()["label"] == "Plan"
    assert send(admin, "PATCH", url, {"If-Match": made["ETag"]}, label="Old").status_code == 412
    fixed = send(admin, "PATCH", url, kind="text")
    assert (fixed.status_code, list(fixed.json()["errors"])) == (400, ["kind"])
    contact = make_contact()
    path = f"contacts/{contact.pk}/"
    assert send(admin, "PATCH", path, custom={"contract": "yearly"}).json()["custom"] == {
        "contract": "yearly"
    }
    tried = send(admin, "POST", f"{url}retype/", kind="number", dry_run=True)
    assert (tried.status_code, tried.json()) == (
        200, {"values": 1, "fitting": 0, "misfits": ["yearly"], "job": None},
    )  # fmt: skip
    started = send(admin, "POST", f"{url}retype/", kind="text")
    assert (started.status_code, started.json()["job"]["kind"]) == (202, "core.custom_retype")
    assert send(admin, "POST", f"{url}archive/").json()["archived_at"] is not None
    assert send(admin, "POST", f"{url}restore/").json()["archived_at"] is None
    assert send(admin, "POST", f"{url}retype/", kind="formula").status_code == 400


def test_custom_fields_are_for_those_who_may_manage_them(seller: User, send: Send, admin: User) -> None:
    row = send(admin, "POST", "custom-fields/", record_type="contact", label="Plan", kind="text").json()
    for method, path in (
        ("GET", ""),
        ("GET", f"{row['id']}/"),
        ("POST", ""),
        ("POST", f"{row['id']}/archive/"),
    ):
        assert send(seller, method, f"custom-fields/{path}").status_code == 403
    assert CustomField.objects.get().archived_at is None
    assert send(admin, "GET", "custom-fields/?record_type=contact").json()["count"] == 1
    assert send(admin, "GET", "custom-fields/?record_type=company").json()["count"] == 0


def test_lists_cost_the_same_with_one_and_three_rows(admin: User, send: Send, cost: Cost) -> None:
    counts = []
    for number in range(3):
        create_tag(actor=None, name=f"T{number}")
        set_marks(actor=admin, record=make_contact(), starred=True, following=True)
        send(admin, "POST", "custom-fields/", record_type="contact", label=f"F{number}", kind="text")
        counts.append(cost(admin, "tags/", "favourites/", "custom-fields/"))
    assert counts[0] == counts[2]
    assert send(admin, "GET", "favourites/").json()["count"] == 3
