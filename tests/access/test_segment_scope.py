"""Segments tell nothing of what is out of sight: every answer is the same with and without the hidden records."""

import json
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from contacts.models import Activity, Company, Contact, ContactDuplicate, Segment
from contacts.segmentation.upkeep import keep_up
from contacts.selectors.groups import preview_of
from contacts.services.parties import update_company
from contacts.services.personas import create_persona
from contacts.services.segments import add_members, create_segment
from contacts.tests.factories import make_affiliation, make_company, make_contact
from core.conditions.compile import compile_tree, usable_criteria
from core.conditions.criteria import criteria_for
from core.conditions.tree import ConditionError, parse
from core.models import User
from core.tests.factories import make_role, make_team, make_user
from marketing.models import Recipient
from marketing.tests.factories import make_campaign
from sales.models import Order
from sales.tests.factories import make_deal, make_pipeline
from service.models import Ticket
from service.tests.factories import make_queue, make_ticket
from tests.segments.questions import questions

pytestmark = pytest.mark.django_db
SECRET = "Canary-7f3a9c"
BERLIN = {"field": "city", "op": "is", "value": "Berlin"}
OWN = "view:own,add:own,change:own,delete:own,export:own"
SEES: dict[str, dict[str, str]] = {
    "own people": {"contact": OWN, "company": OWN, "deal": OWN, "ticket": OWN, "campaign": "view:none"},
    "own people, no sales": {"contact": OWN, "company": OWN, "order": "view:none", "activity": "view:none"},
    "all people": {"contact": "view:all", "company": OWN, "deal": OWN, "order": "view:none", "ticket": OWN},
    "nobody": {"deal": "view:all", "order": "view:all"},
}
"""What the roles see; all of them see segments and personas (of `segment`: their own)."""


class World:
    """One person who sees a contact of their own, and what lies out of their sight."""

    def __init__(self, sees: dict[str, str]) -> None:
        role = make_role(**{"segment": OWN, "persona": "view:all", **sees})
        self.user: User = make_user(role, make_team("South"))
        self.other = make_user("sales", make_team("North"))
        make_pipeline()
        self.company = make_company("Hidden works", owner=self.other, industry="wood")
        self.mine = make_contact("Mine", "Own", city="Berlin", owner=self.user)
        make_affiliation(self.mine, self.company)
        self.mine.refresh_from_db()
        self.inner = self._segment("inner", {"field": "city", "op": "is", "value": "Rome"}, self.other)
        self.guests = self._segment("guests", None, self.other)
        deal = {"field": "deals_opened.count", "op": "gte", "value": 1}
        steel = {"field": "company_industry", "op": "is", "value": "steel"}
        nested = {"field": "segment", "op": "in", "value": [self.inner.pk, self.guests.pk]}
        self.segments = [
            self._segment("Berlin", BERLIN, self.user),
            self._segment("deal or steel", {"any": [deal, steel]}, self.user),
            self._segment("nested", {"any": [nested, deal]}, self.user),
        ]
        self.persona = create_persona(actor=None, name="P", segment=self.segments[0], owner=self.user)
        self.campaign = make_campaign(owner=self.other)
        self.client = Client()
        self.client.force_login(self.user)
        self.refs = {
            "company": self.company.pk, "contact": self.mine.pk, "tag": 1, "user": self.other.pk, "team": 1,
            "segment": self.inner.pk, "product": 1, "campaign": self.campaign.pk,
            "queue": make_queue().pk,
        }  # fmt: skip
        keep_up()

    def _segment(self, name: str, rule: Any, owner: User) -> Segment:
        kind = "static" if rule is None else "dynamic"
        return create_segment(actor=None, name=name, rule=rule or {}, kind=kind, owner=owner)

    def hide(self) -> None:
        """Everything that others have, of the same words as the person's own."""
        hidden = make_contact(
            "Ada", f"{SECRET} Byron", city="Berlin", owner=self.other, email="a@example.com"
        )
        at, contact = timezone.now(), self.mine
        by_other: dict[str, Any] = {"contact": contact, "owner": self.other}
        sent = {
            "campaign": self.campaign,
            "variant": self.campaign.variants.get(),
            "address": "m@example.com",
        }
        rows: list[Any] = [
            hidden,
            make_company(f"{SECRET} AG", owner=self.other),
            update_company(actor=None, company=self.company, changes={"industry": "steel", "employees": 77}),
            make_deal(name=SECRET, **by_other),
            Order.objects.create(currency="EUR", base_total=Decimal(9), ordered_at=at, **by_other),
            Activity.objects.create(kind="call", subject=SECRET, occurred_at=at, **by_other),
            make_ticket(**by_other),
            Recipient.objects.create(contact=contact, state="sent", sent_at=at, **sent),
        ]
        ContactDuplicate.objects.create(
            a_id=min(contact.pk, hidden.pk), b_id=max(contact.pk, hidden.pk), score=0.9
        )
        Segment.objects.filter(pk=self.inner.pk).update(rule=BERLIN)
        add_members(actor=None, segment=self.guests, contact_ids=[contact.pk])
        # what a deal or a call changes of the contact itself, the person sees there
        Contact.objects.filter(pk=contact.pk).update(
            lifecycle_stage=contact.lifecycle_stage, last_activity_at=contact.last_activity_at
        )
        seen = [row for row in rows if row.__class__.objects.visible_to(self.user).filter(pk=row.pk).exists()]
        self._take_back(seen)
        keep_up()

    def _take_back(self, seen: list[Any]) -> None:
        """What this person sees after all may change their answers."""
        for row in seen:
            if isinstance(row, Order | Activity | Recipient | Ticket):
                row.__class__.objects.filter(pk=row.pk).update(contact=None)
            elif isinstance(row, Company) and row.pk == self.company.pk:
                update_company(actor=None, company=row, changes={"industry": "wood", "employees": None})
            elif isinstance(row, Contact):
                Contact.objects.filter(pk=row.pk).update(deleted_at=timezone.now())

    def answers(self) -> dict[str, Any]:
        """All that can be asked by rule, and of each segment and persona through the API."""
        found: dict[str, Any] = {}
        seen, now = Contact.objects.visible_to(self.user), timezone.now()
        for name, rule in questions("contact", self.refs):
            part = name.partition(" where ")[2] or name.partition(" ")[0]
            if part in found:
                continue
            try:
                condition = compile_tree(parse(rule), "contact", self.user, now=now)
                found[part] = sorted(seen.filter(condition).values_list("pk", flat=True))
            except ConditionError as error:
                found[part] = str(error)
        pks = [one.pk for one in self.segments]
        for pk in pks:
            others = ",".join(str(other) for other in pks if other != pk)
            for url in ("count/", "members/", f"why/?contact={self.mine.pk}", f"overlap/?with={others}"):
                response = self.client.get(f"/api/v1/segments/{pk}/{url}")
                found[f"{pk}/{url}"] = json.loads(response.content)
        found["persona"] = self.client.get(f"/api/v1/personas/{self.persona.pk}/portrait/").json()
        return found

    def pages(self) -> dict[str, str]:
        pk, texts = self.segments[0].pk, {}
        urls = [reverse("contacts:persona_detail", args=[self.persona.pk]), reverse("contacts:segment_list")]
        urls += [
            reverse(f"contacts:segment_{name}", args=[pk]) for name in ("detail", "history", "overlap", "why")
        ]
        urls += [f"{urls[4]}?with={self.segments[1].pk}", f"{urls[5]}?q={SECRET}", f"/contacts/?segment={pk}"]
        for url in urls:
            response = self.client.get(url)
            if response.status_code == 200:
                texts[url] = (
                    response.content.decode().replace(f"q={SECRET}", "").replace(f'value="{SECRET}"', "")
                )
        return texts


@pytest.mark.parametrize("role", sorted(SEES))
def test_answers_are_the_same_with_and_without_what_is_hidden(role: str) -> None:
    world = World(SEES[role])
    before = world.answers()
    world.hide()
    after = world.answers()
    assert {name: (before[name], after[name]) for name in before if before[name] != after[name]} == {}
    told = {url for url, text in world.pages().items() if SECRET in text}
    assert told == (
        set() if "all people" not in role else told & {url for url in told if "overlap" not in url}
    )
    if role != "nobody":
        assert after["city"] == []
        assert any(value == [world.mine.pk] for value in after.values())


def test_question_by_a_field_that_is_hidden_elsewhere_does_not_exist() -> None:
    role = make_role(
        contact="view:all", company="view:all", deal="view:all", order="view:all", segment="view:all"
    )
    hidden = {"deal": ["amount"], "order": ["base_total"], "company": ["industry"]}
    for record_type, fields in hidden.items():
        role.grants.filter(record_type=record_type).update(hidden_fields=fields)
    user = make_user(role)
    gone = set(criteria_for("contact")) - set(usable_criteria("contact", user))
    assert gone >= {
        "deals_opened.total", "deals_decided.total", "orders.average", "orders.largest", "purchases.total", "spent",
        "company_industry",
    }  # fmt: skip
    narrow = {"field": "deals_opened.count", "op": "gte", "value": 1,
              "where": {"field": "amount", "op": "gte", "value": 500}}  # fmt: skip
    with pytest.raises(ConditionError):
        preview_of(parse(narrow), user)
    segment = create_segment(actor=None, name="big", rule=narrow)
    client = Client()
    client.force_login(user)
    contact = make_contact()
    assert client.get(f"/api/v1/segments/{segment.pk}/why/?contact={contact.pk}").status_code == 409
    keep_up()
    assert client.get(f"/api/v1/segments/{segment.pk}/count/").status_code == 409


def test_persona_of_a_segment_out_of_sight_has_no_portrait() -> None:
    other = make_user("sales", make_team("North"))
    user = make_user(
        make_role(contact="view:all", persona="view:all", segment="view:own"), make_team("South")
    )
    segment = create_segment(actor=None, name=f"{SECRET} group", rule=BERLIN, owner=other)
    persona = create_persona(actor=None, name="P", segment=segment)
    client = Client()
    client.force_login(user)
    assert client.get(f"/api/v1/personas/{persona.pk}/portrait/").status_code == 409
    assert SECRET not in client.get(reverse("contacts:persona_list")).content.decode()
    assert SECRET not in client.get(reverse("contacts:persona_detail", args=[persona.pk])).content.decode()
