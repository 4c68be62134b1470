"""Relationships: read from both ends, no self, no circle, one above."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from contacts.models import Relationship, RelationshipKind, TimelineEntry
from contacts.selectors.relationships import org_chart, ties_of
from contacts.services.relationships import ensure_standard_kinds, relate, remove_relationship
from contacts.tests.factories import make_affiliation, make_company, make_contact
from core.conditions.compile import compile_tree
from core.conditions.tree import parse
from core.privacy.erase import erase_person
from core.tests.factories import make_role, make_team, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _kinds() -> None:
    ensure_standard_kinds(actor=None)


def kind(key: str) -> RelationshipKind:
    return RelationshipKind.objects.get(key=key)


def test_relationship_is_read_from_both_ends() -> None:
    ada, bob = make_contact("Ada", "A"), make_contact("Bob", "B")
    admin = make_user("admin", is_superuser=True)
    relate(actor=None, contact=ada, other=bob, kind=kind("reports_to"), note="since the merger")
    relate(actor=None, contact=bob, other=ada, kind=kind("household"))
    assert [(t.words, t.person) for t in ties_of(ada, admin)] == [
        ("reports to", bob),
        ("shares a household with", bob),
    ]
    assert [(t.words, t.person) for t in ties_of(bob, admin)] == [
        ("is manager of", ada),
        ("shares a household with", ada),
    ]
    lines = TimelineEntry.objects.filter(kind="contact.relationship", data__words="is manager of")
    assert [(line.contact, line.title) for line in lines] == [(bob, "Ada A")]


def test_hierarchy_refuses_self_circle_and_a_second_one_above() -> None:
    ada, bob, eve = (make_contact(name) for name in ("Ada", "Bob", "Eve"))
    relate(actor=None, contact=ada, other=bob, kind=kind("reports_to"))
    relate(actor=None, contact=bob, other=eve, kind=kind("reports_to"))
    with pytest.raises(ValidationError, match="circle"):
        relate(actor=None, contact=eve, other=ada, kind=kind("reports_to"))
    with pytest.raises(ValidationError, match="already"):
        relate(actor=None, contact=ada, other=eve, kind=kind("reports_to"))
    with pytest.raises(ValidationError, match="themselves"):
        relate(actor=None, contact=ada, other=ada, kind=kind("household"))
    with pytest.raises(IntegrityError, match="two_people"), transaction.atomic():
        Relationship.objects.create(contact=ada, other=ada, kind=kind("household"))
    assert Relationship.objects.count() == 2


def test_org_chart_stands_people_below_whom_they_report_to() -> None:
    company = make_company()
    boss, middle, low, apart = (make_contact(name, name) for name in ("Boss", "Middle", "Low", "Apart"))
    for person in (boss, middle, low, apart):
        make_affiliation(person, company)
    relate(actor=None, contact=middle, other=boss, kind=kind("reports_to"))
    relate(actor=None, contact=low, other=middle, kind=kind("reports_to"))
    relate(actor=None, contact=boss, other=make_contact("Elsewhere"), kind=kind("reports_to"))
    chart = org_chart(company, make_user("admin", is_superuser=True))
    assert [(seat.contact, seat.below) for seat in chart.trees] == [(boss, 2)]
    assert [seat.contact for seat in chart.trees[0].reports] == [middle]
    assert [seat.contact for seat in chart.others] == [apart]
    assert chart.is_complete


def test_criteria_ask_for_relationships_in_the_asker_s_view_only() -> None:
    everything = "view:own,add:own,change:own,delete:own,export:own"
    seller = make_user(make_role("own", contact=everything), make_team("South"))
    mine, hidden, friend = make_contact(owner=seller), make_contact(), make_contact(owner=seller)
    relate(actor=None, contact=mine, other=hidden, kind=kind("referred_by"))
    relate(actor=None, contact=friend, other=mine, kind=kind("referred_by"))

    def found(field: str, value: list[object], user: object) -> set[int]:
        rule = parse({"field": field, "op": "in", "value": value})
        rows = type(mine).objects.filter(compile_tree(rule, "contact", user))
        return set(rows.values_list("pk", flat=True))

    assert found("relationship", ["referred_by"], seller) == {friend.pk}
    assert found("relationship", ["referred_by"], None) == {friend.pk, mine.pk}
    assert found("relationship", ["referred_by:from"], seller) == {mine.pk}
    assert found("related_to", [hidden.pk], seller) == set()
    assert found("related_to", [mine.pk], seller) == {friend.pk}
    assert found("related_to", [hidden.pk], None) == {mine.pk}


def test_erasing_a_person_takes_relationships_and_what_others_timelines_say() -> None:
    ada, bob = make_contact("Ada", "Canary"), make_contact("Bob")
    relate(actor=None, contact=ada, other=bob, kind=kind("household"))
    erase_person(ada.pk, reason="asked for")
    assert not Relationship.objects.exists()
    assert not TimelineEntry.objects.filter(title__contains="Canary").exists()


def test_removing_leaves_nothing() -> None:
    tie = relate(actor=None, contact=make_contact(), other=make_contact(), kind=kind("household"))
    remove_relationship(actor=None, relationship=tie)
    assert not Relationship.objects.exists()
