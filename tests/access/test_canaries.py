"""Ten ways in which a CRM shows somebody else's record, each tried by a person to whom it is out of scope.

`test_seeded_holes.py` takes the protection out at each of the ten places and demands that the test of the
same name notices.
"""

import json
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse

from contacts.models import Company, Contact
from contacts.services.parties import update_contact
from contacts.tests.factories import make_company, make_contact
from core.jobs.running import run
from core.models import Job, RoleGrant, User
from core.services.files import attach_file
from core.tests.factories import make_role, make_team, make_user
from sales.models import Deal
from sales.tests.factories import make_deal

pytestmark = pytest.mark.django_db
SECRET = "Canary-7f3a9c"
EVERYTHING = "view:own,add:own,change:own,delete:own,export:own"


@pytest.fixture
def stranger() -> User:
    """May do everything with records of their own, and owns none."""
    role = make_role("own", contact=EVERYTHING, company=EVERYTHING, deal=EVERYTHING, activity=EVERYTHING)
    RoleGrant.objects.create(role=role, record_type="pipeline", view="all")
    return make_user(role, make_team("South"))


@pytest.fixture
def visitor(client: Client, stranger: User) -> Client:
    client.force_login(stranger)
    return client


@pytest.fixture
def contact() -> Contact:
    owner = make_user("sales", make_team("North"))
    company = make_company(f"{SECRET} AG", owner=owner)
    return make_contact("Ada", f"{SECRET} Byron", owner=owner, company=company, source=f"{SECRET} fair")


def text(response: Any) -> str:
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return str(content.decode())


def test_list(visitor: Client, contact: Contact) -> None:
    page = text(visitor.get(reverse("contacts:contact_list")))
    assert SECRET not in page


def test_count(visitor: Client, contact: Contact) -> None:
    assert visitor.get(reverse("contacts:contact_list")).context["count"] == 0
    assert visitor.get("/api/v1/contacts/").json()["count"] == 0


def test_autocomplete(visitor: Client, contact: Contact) -> None:
    for query in ("", "?q=canary", "?q=Byron"):
        assert visitor.get(reverse("core:options", args=["contact"]) + query).json() == {"results": []}
    assert SECRET not in text(visitor.get(reverse("core:palette") + "?q=canary"))


def test_fragment(visitor: Client, contact: Contact) -> None:
    url = reverse("contacts:timeline", args=["contact", contact.pk])
    assert visitor.get(url, headers={"HX-Request": "true"}).status_code == 404


def test_export(visitor: Client, stranger: User, contact: Contact) -> None:
    assert SECRET not in text(visitor.get(reverse("contacts:contact_list") + "?format=csv"))
    visitor.post(reverse("core:export_start", args=["contact"]), {"format": "csv"})
    job = Job.objects.get(kind="core.export")
    done = run(job.pk)
    assert done is not None
    assert done.state == "done", done.error
    assert SECRET not in text(visitor.get(reverse("core:export_download", args=[job.pk])))


def test_api(visitor: Client, contact: Contact) -> None:
    assert SECRET not in text(visitor.get("/api/v1/contacts/"))
    assert visitor.get(f"/api/v1/contacts/{contact.pk}/").status_code == 404
    changed = visitor.patch(
        f"/api/v1/contacts/{contact.pk}/", json.dumps({"city": "x"}), content_type="application/json"
    )
    assert changed.status_code == 404


def test_foreign_id(visitor: Client, stranger: User, contact: Contact) -> None:
    """A company out of scope, sent as the id in a form and in an API body."""
    company = Company.objects.get()
    mine = make_deal(name="Mine", owner=stranger)
    url = reverse("sales:deal_update", args=[mine.pk])
    form = visitor.get(url).context["form"]
    typed = {name: form[name].value() for name in form.fields}
    typed = {name: value for name, value in typed.items() if value not in (None, "", [], False)}
    page = visitor.post(url, {**typed, "company": str(company.pk)})
    assert page.status_code == 422
    assert set(page.context["form"].errors) == {"company"}
    assert SECRET not in text(page)
    body = json.dumps({"company": company.pk})
    refused = visitor.patch(f"/api/v1/deals/{mine.pk}/", body, content_type="application/json")
    assert refused.status_code == 400
    assert SECRET not in text(refused)
    assert Deal.objects.get(pk=mine.pk).company is None


def test_hidden_field(client: Client, contact: Contact) -> None:
    """A field that the role hides: on the page, in the list, the API, the file, the filter and the history."""
    role = make_role("narrow", contact="view:all,change:all,export:all")
    RoleGrant.objects.filter(role=role).update(hidden_fields=["source"])
    reader = make_user(role, make_team("South"))
    update_contact(actor=None, contact=contact, changes={"last_name": "Byron", "source": f"{SECRET} two"})
    client.force_login(reader)
    detail, listing = reverse("contacts:contact_detail", args=[contact.pk]), reverse("contacts:contact_list")
    for url in (
        detail,
        detail + "?panel=*",
        detail + "?peek=1",
        reverse("contacts:contact_update", args=[contact.pk]),
        listing + "?columns=name,source",
        listing + "?columns=name,source&format=csv",
        reverse("core:history", args=["contact", contact.pk]),
        "/api/v1/contacts/",
        f"/api/v1/contacts/{contact.pk}/",
    ):
        response = client.get(url)
        assert response.status_code == 200
        assert f"{SECRET} fair" not in text(response), url
        assert f"{SECRET} two" not in text(client.get(url)), url
    assert client.get("/api/v1/contacts/?source__contains=Canary").status_code == 400
    body = json.dumps({"source": "x"})
    assert (
        client.patch(f"/api/v1/contacts/{contact.pk}/", body, content_type="application/json").status_code
        == 400
    )


def test_history(visitor: Client, contact: Contact) -> None:
    assert visitor.get(reverse("core:history", args=["contact", contact.pk])).status_code == 404
    assert visitor.get(reverse("core:explain", args=["contact", contact.pk])).status_code in (403, 404)


def test_attachment(visitor: Client, contact: Contact) -> None:
    file = attach_file(
        actor=None, record=contact, name="plan.txt", content=ContentFile(SECRET.encode(), "plan.txt")
    )
    assert visitor.get(reverse("core:file", args=[file.pk])).status_code == 404
