"""A link that a role hides (who somebody's company is, whose deal it is) is told by no channel, from neither of its
ends: every list, page, card, file and resource, generated over the record types and their links."""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.db import models
from django.test import Client
from django.urls import reverse

from contacts.models import Affiliation, Company, Contact, Segment
from contacts.services.activities import log_activity
from contacts.services.affiliations import add_affiliation, end_affiliation
from contacts.services.segments import create_segment
from contacts.tests.factories import make_company, make_contact
from core.models import RoleGrant, User
from core.registries import columns, records
from core.registries.panels import panels_for
from core.tests.factories import make_role, make_team, make_user
from sales.tests.factories import make_deal, make_order
from service.tests.factories import make_ticket
from tests.access.test_hidden_fields import TYPES, channels

pytestmark = pytest.mark.django_db
EVERYTHING = "view:all,add:all,change:all,delete:all,export:all"
PERSON, FIRM, FORMER = "zqpersonqz", "zqfirmqz", "zqformerqz"
"""Words that stand in one name each."""


def member(shut: str = "hidden_fields", names: tuple[str, ...] = (), record_type: str = "contact") -> User:
    """May do everything with every record; `names` are hidden or read-only on `record_type`."""
    role = make_role(**dict.fromkeys([kind.key for kind in records.all_types()], EVERYTHING))
    RoleGrant.objects.filter(role=role, record_type=record_type).update(**{shut: list(names)})
    return make_user(role, make_team())


def links_of(record_type: str) -> list[str]:
    """The links of a record to what has a name and may be hidden: people, companies, deals, queues, colleagues."""
    model: Any = records.get(record_type).model
    return [
        field.name
        for field in model._meta.concrete_fields
        if isinstance(field, models.ForeignKey)
        and field.name != "team"
        and any(other.name == "name" for other in field.related_model._meta.concrete_fields)
    ]


def linked_record(record_type: str) -> Any:
    """A record of the type, whose every link points at something."""
    owner = make_user("sales", make_team("North"))
    company = make_company("Some firm", owner=owner, parent=make_company("Group"))
    if record_type == "company":
        return company
    contact = make_contact("Ada", "Byron", owner=owner, company=company)
    if record_type == "contact":
        return contact
    deal = make_deal(name="A deal", owner=owner, company=company, contact=contact)
    if record_type == "deal":
        return deal
    if record_type == "order":
        return make_order(owner=owner, company=company, contact=contact, deal=deal)
    return make_ticket(subject="Help", contact=contact, company=company, owner=owner)


@pytest.mark.parametrize("record_type", ["contact", "company", "deal", "order", "ticket"])
def test_a_hidden_link_is_in_no_channel(client: Client, record_type: str) -> None:
    """One name after the other: the record's own pages and lists say it to whom it is open and to nobody else."""
    record = linked_record(record_type)
    names = [name for name in links_of(record_type) if getattr(record, name) is not None]
    assert len(names) >= 2, "nothing to hide: the test looks at the wrong fields"
    for name in names:
        other = getattr(record, name)
        word = f"zq{name}qz"
        other.__class__._base_manager.filter(pk=other.pk).update(name=word)

        def told(user: User, word: str = word) -> dict[str, int]:
            client.force_login(user)
            counted = {way: text.count(word) for way, text in channels(client, record_type, record.pk)}
            return {way: number for way, number in counted.items() if number and way not in ABOUT_THEM}

        seen = told(member())
        assert seen, f"{name} is shown nowhere: the channels are the wrong ones"
        left = told(member(names=(name,), record_type=record_type))
        if other.__class__ is record.__class__:  # its own line stays
            left = {way: number for way, number in left.items() if number >= seen[way] > 1}
        if record._meta.get_field(name).null:  # without a stage there is no page of a deal
            assert left == {}, name


ABOUT_THEM = ("choices", "palette")
"""Tell of the other record by itself: it may be seen, only not whose it is."""


def _urls_of(kind: str, pk: int, api: str) -> dict[str, str]:
    """Where a person and a company alike are shown."""
    page = records.get(kind).url_of(pk)
    return {
        "page": page,
        "peek": f"{page}?peek=1",
        "all cards": f"{page}?panel=*",
        **{f"card {panel.key}": f"{page}?panel={panel.key}" for panel in panels_for(kind)},
        "timeline": reverse("contacts:timeline", args=[kind, pk]),
        "profile": reverse(f"contacts:{kind}_profile", args=[pk]),
        "history": reverse("core:history", args=[kind, pk]),
        "API": api,
        "API profile": f"{api}profile/",
    }


class Together:
    """A person at a company, and somebody who left it, with all that is written about them."""

    def __init__(self) -> None:
        self.firm: Company = make_company(f"{FIRM} AG")
        self.person: Contact = make_contact("Ada", PERSON, email="ada@example.com")
        self.former: Contact = make_contact("Ken", FORMER)
        self.own: Affiliation = add_affiliation(
            actor=None, contact=self.person, company=self.firm, title="CTO"
        )
        left = add_affiliation(actor=None, contact=self.former, company=self.firm)
        end_affiliation(actor=None, affiliation=left, on=date(2024, 5, 1))
        self.person.refresh_from_db()
        for kind in ("call", "task"):
            log_activity(actor=None, kind=kind, contact=self.person, subject=f"With {PERSON}")
        self.ticket = make_ticket(subject=f"Help {PERSON}", contact=self.person)
        rule = {"field": "company", "op": "in", "value": [self.firm.pk]}
        self.segment: Segment = create_segment(actor=None, name="Colleagues", rule=rule)

    def ways(self, client: Client) -> Iterator[tuple[str, str, str]]:
        """(name, text, the word that tells who belongs together) of all that shows one of the two."""
        pages = {
            **self._of_company(),
            **self._of_person(),
            **self._of_tickets(),
            **self._lists(),
        }
        for name, (url, words) in pages.items():
            response = client.get(url)
            assert response.status_code in (200, 403, 400), (name, response.status_code)
            content = b"".join(response.streaming_content) if response.streaming else response.content
            yield name, content.decode(), words

    def _of_company(self) -> dict[str, tuple[str, str]]:
        api = f"/api/v1/companies/{self.firm.pk}/"
        urls = {
            **_urls_of("company", self.firm.pk, api),
            "people": reverse("contacts:company_people", args=[self.firm.pk]),
            "API people": f"{api}affiliations/",
            "API chart": f"{api}org-chart/",
        }
        return {f"company: {name}": (url, "qz") for name, url in urls.items()}

    def _of_person(self) -> dict[str, tuple[str, str]]:
        api = f"/api/v1/contacts/{self.person.pk}/"
        urls = {
            **_urls_of("contact", self.person.pk, api),
            "edit": reverse("contacts:contact_update", args=[self.person.pk]),
            "API companies": f"{api}affiliations/",
            "palette": f"{reverse('core:palette')}?q={PERSON}",
            "choices": f"{reverse('core:options', args=['contact'])}?q={PERSON}",
        }
        return {f"person: {name}": (url, FIRM) for name, url in urls.items()}

    def _of_tickets(self) -> dict[str, tuple[str, str]]:
        page = records.get("ticket").url_of(self.ticket.pk)
        activity = self.person.activities.first()
        assert activity is not None
        urls = {
            "ticket": page,
            "ticket, all cards": f"{page}?panel=*",
            "API ticket": f"/api/v1/tickets/{self.ticket.pk}/",
            "activity": records.get("activity").url_of(activity.pk),
            "API activity": f"/api/v1/activities/{activity.pk}/",
            "tasks": reverse("contacts:task_list"),
            "home": "/",
        }
        return {f"about: {name}": (url, FIRM) for name, url in urls.items()}

    def _lists(self) -> dict[str, tuple[str, str]]:
        found = {}
        for kind in records.all_types():
            if not kind.list_url or kind.key == "company":
                continue
            keys = ",".join(column.key for column in columns.columns_for(kind.key))
            listing = reverse(kind.list_url)
            if columns.columns_for(kind.key):
                found[f"list: {kind.key}"] = (f"{listing}?columns={keys}", FIRM)
                found[f"file: {kind.key}"] = (f"{listing}?columns={keys}&format=csv", FIRM)
            if kind.key in TYPES:
                found[f"API list: {kind.key}"] = (f"/api/v1/{TYPES[kind.key]}/", FIRM)
        return found


def leaks(client: Client, together: Together) -> list[str]:
    words = {"qz": (PERSON, FORMER)}
    return [
        name
        for name, text, told in together.ways(client)
        if any(word in text for word in words.get(told, (told,)))
    ]


def test_who_works_where_is_told_from_neither_end(client: Client) -> None:
    together = Together()
    client.force_login(member())
    assert len(leaks(client, together)) >= 20, "shown nearly nowhere: the ways are the wrong ones"
    client.force_login(member(names=("company",)))
    assert leaks(client, together) == []


def test_who_works_where_can_not_be_asked(client: Client) -> None:
    """Counting answers what is hidden as well as showing it would."""
    together = Together()
    client.force_login(member(names=("company",)))
    listing, firm = reverse("contacts:contact_list"), str(together.firm.pk)
    everybody = client.get(listing).context["count"]
    for asked in ("company", "works_at", "worked_at", "family", "company_industry"):
        assert client.get(listing, {asked: firm}).context["count"] in (0, everybody), asked
        assert client.get("/api/v1/contacts/", {asked: firm}).status_code == 400, asked
    for kind, api in (("activity", "activities"), ("ticket", "tickets")):
        for asked in ("company", "family"):
            assert client.get(f"/api/v1/{api}/", {asked: firm}).status_code == 400, (kind, asked)
    assert client.get("/api/v1/campaigns/", {"family": firm}).status_code == 400
    for rule in (
        {"field": "works_at", "op": "in", "value": [together.firm.pk]},
        {"field": "affiliations.count", "op": "gte", "value": 1},
    ):
        body = json.dumps({"rule": rule})
        counted = client.post("/api/v1/segments/preview/", body, content_type="application/json")
        assert counted.status_code == 400, rule
    assert client.get(f"/api/v1/segments/{together.segment.pk}/members/").status_code in (400, 403, 409)
    assert PERSON not in client.get(records.get("segment").url_of(together.segment.pk)).content.decode()
    assert client.get(f"/api/v1/companies/{firm}/profile/").status_code == 200
    facts = json.dumps(client.get(f"/api/v1/companies/{firm}/profile/").json())
    assert '"people"' not in facts


def test_a_protected_company_is_changed_by_no_page_and_no_call(client: Client) -> None:
    together = Together()
    client.force_login(member("read_only_fields", ("company",)))
    other, person, own = make_company("Other"), together.person, together.own
    before = list(Affiliation.all_objects.order_by("pk").values())

    def url(name: str, *args: int) -> str:
        return reverse(f"contacts:{name}", args=args)

    for name in ("affiliation_update", "affiliation_end", "affiliation_primary", "affiliation_remove"):
        answer = client.post(url(name, person.pk, own.pk), {"title": "CEO"})
        assert answer.status_code == 403, name
    assert client.post(url("affiliation_add", person.pk), {"company": other.pk}).status_code == 403
    free = make_contact("Free", "Person")
    joined = client.post(url("company_person_add", together.firm.pk), {"contact": free.pk})
    assert joined.status_code == 403
    api = f"/api/v1/contacts/{person.pk}/"
    calls: list[tuple[str, str, dict[str, Any]]] = [
        ("patch", api, {"company": other.pk}),
        ("patch", api, {"company": None}),
        ("post", f"{api}affiliations/", {"company": other.pk}),
        ("patch", f"{api}affiliations/{own.pk}/", {"valid_to": "2024-01-01"}),
        ("delete", f"{api}affiliations/{own.pk}/", {}),
        ("post", "/api/v1/contacts/", {"first_name": "New", "last_name": "One", "company": other.pk}),
    ]
    for method, address, body in calls:
        answer = getattr(client, method)(address, json.dumps(body), content_type="application/json")
        assert answer.status_code in (400, 403), (method, address, answer.status_code)
    form = client.get(url("contact_update", person.pk)).context["form"]
    typed = {name: form[name].value() for name in form.fields}
    typed = {name: value for name, value in typed.items() if value not in (None, "", [], False)}
    client.post(url("contact_update", person.pk), {**typed, "company": str(other.pk), "job_title": "Boss"})
    person.refresh_from_db()
    assert (person.job_title, person.company_id) == ("Boss", together.firm.pk)
    create = f"{url('contact_create')}?company={other.pk}"
    made = client.post(create, {"first_name": "Made", "last_name": "Here", "lifecycle_stage": "lead"})
    assert made.status_code == 303
    assert Contact.objects.get(first_name="Made").company is None
    assert list(Affiliation.all_objects.order_by("pk").values()) == before
    page = client.get(records.get("company").url_of(together.firm.pk)).content.decode()
    assert PERSON in page
    assert url("company_person_add", together.firm.pk) not in page
