"""One record of every type, owned by one person of one team, and everybody who might ask for it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from contacts.services.activities import log_activity
from contacts.services.lifecycle import create_lifecycle_rule
from contacts.services.personas import create_persona
from contacts.services.segments import create_segment
from contacts.tests.factories import make_company, make_contact
from core.models import Role, Tag, Team, User
from core.registries import records
from core.services.documents import create_document
from core.tests.factories import make_role, make_team, make_user
from marketing.tests.factories import make_campaign
from sales.tests.factories import make_deal, make_order, make_product
from service.tests.factories import make_survey_answer, make_ticket

SECRET = "Canary-7f3a9c"
"""Stands in a text field of every record: whoever may not see the record must never see this word."""


@dataclass
class World:
    """`records` by type; `people` by what they are to the records."""

    records: dict[str, Any]
    people: dict[str, User | None]
    teams: dict[str, Team]


def make_world() -> World:
    """Records belong to `owner` of the team North, which is below Sales; South is beside it."""
    sales = make_team("Sales team")
    teams = {"sales": sales, "north": make_team("North", sales), "south": make_team("South", sales)}
    owner = make_user("sales", teams["north"], name="Owner")
    people: dict[str, User | None] = {
        "anonymous": None,
        "owner": owner,
        "peer": make_user("sales", teams["north"]),
        "stranger": make_user("sales", teams["south"]),
        "manager": make_user("manager", teams["sales"]),
        "other manager": make_user("manager", teams["south"]),
        "marketing": make_user("marketing", teams["south"]),
        "service": make_user("service", teams["south"]),
        "analyst": make_user("analyst", teams["south"]),
        "readonly": make_user("readonly", teams["south"]),
        "nobody": make_user(Role.objects.create(key="nothing", name="Nothing"), teams["north"]),
        "own only": make_user(_own_role(), teams["north"]),
        "deactivated": make_user("manager", teams["sales"], is_active=False),
        "admin": make_user("admin", None, is_superuser=True),
    }
    return World(_records(owner), people, teams)


def _own_role() -> Role:
    text = "view:own,add:own,change:own,delete:own,export:own"
    return make_role("own-only", **dict.fromkeys([kind.key for kind in records.all_types()], text))


def _records(owner: User) -> dict[str, Any]:
    company = make_company(f"{SECRET} AG", owner=owner)
    contact = make_contact("Ada", f"{SECRET} Byron", owner=owner, email="ada.canary@example.com")
    mine: dict[str, Callable[[], Any]] = {
        "company": lambda: company,
        "contact": lambda: contact,
        "activity": lambda: log_activity(
            actor=None, kind="task", contact=contact, subject=f"{SECRET} task", owner=owner
        ),
        "document": lambda: create_document(
            actor=None, upload=SimpleUploadedFile("x.txt", b"x"), name=f"{SECRET} document", owner=owner
        ),
        "tag": lambda: Tag.objects.create(name=f"{SECRET} tag"),
        "lifecycle_rule": lambda: create_lifecycle_rule(
            actor=None, name=f"{SECRET} rule", to_stage="customer"
        ),
        "segment": lambda: create_segment(actor=None, name=f"{SECRET} segment", owner=owner),
        "persona": lambda: create_persona(
            actor=None,
            name=f"{SECRET} persona",
            segment=create_segment(actor=None, name=f"{SECRET} group", owner=owner),
            owner=owner,
        ),
        "deal": lambda: make_deal(name=f"{SECRET} deal", company=company, owner=owner),
        "product": lambda: make_product(name=f"{SECRET} product"),
        "order": lambda: make_order(contact=contact, owner=owner, number=f"{SECRET}-1"),
        "ticket": lambda: make_ticket(subject=f"{SECRET} ticket", contact=contact, owner=owner),
        "survey_answer": lambda: make_survey_answer(
            make_ticket(subject=f"{SECRET} solved", contact=contact, owner=owner), words=f"{SECRET} words"
        ),
        "campaign": lambda: make_campaign(name=f"{SECRET} campaign", owner=owner),
    }
    return {key: make() for key, make in mine.items()}
