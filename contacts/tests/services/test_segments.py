"""Segments: rules that can be used, members in scope, cycles."""

import pytest
from django.core.exceptions import ValidationError

from contacts.models import Segment
from contacts.selectors.groups import members, preview_of_segment
from contacts.services.segments import add_members, create_segment, remove_members, update_segment
from contacts.tests.factories import make_contact
from core.conditions.tree import ConditionError
from core.services.base import NotAllowed
from core.tests.factories import make_role, make_team, make_user

pytestmark = pytest.mark.django_db

BERLIN = {"field": "city", "op": "is", "value": "Berlin"}


def test_dynamic_segment_follows_its_rule() -> None:
    berlin, _paris = make_contact(city="Berlin"), make_contact(city="Paris")
    segment = create_segment(actor=None, name="Berlin", rule={"all": [BERLIN]})
    assert list(members(segment, None)) == [berlin]


def test_segment_shows_the_viewer_only_people_in_scope() -> None:
    north = make_team("North")
    seller = make_user(make_role(contact="view:own", segment="view:all"), north)
    mine = make_contact(city="Berlin", owner=seller)
    make_contact(city="Berlin")
    segment = create_segment(actor=None, name="Berlin", rule=BERLIN)
    preview = preview_of_segment(segment, seller)
    assert (preview.count, preview.is_exact, preview.sample) == (1, True, [mine])
    assert preview.words == "City is Berlin"
    assert members(segment, None).count() == 2


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ({"field": "shoe_size", "op": "is", "value": 1}, "There is no field “shoe_size” to filter by."),
        ({"both": []}, "“both” is not a group; use “all” or “any” with a list."),
        ({"field": "lifecycle", "op": "in", "value": ["friend"]}, "Lifecycle: has no value “friend”"),
    ],
)
def test_rule_that_cannot_be_used_is_refused_by_name(rule: dict, text: str) -> None:
    with pytest.raises(ValidationError) as error:
        create_segment(actor=None, name="Wrong", rule=rule)
    assert error.value.message_dict == {"rule": [text]}
    assert not Segment.objects.exists()


def test_segment_of_segments_and_its_cycle() -> None:
    berlin = make_contact(city="Berlin")
    inner = create_segment(actor=None, name="Inner", rule=BERLIN)
    outer = create_segment(
        actor=None, name="Outer", rule={"field": "segment", "op": "in", "value": [inner.pk]}
    )
    assert list(members(outer, None)) == [berlin]
    with pytest.raises(ValidationError, match="contains itself"):
        update_segment(
            actor=None, segment=inner, changes={"rule": {"field": "segment", "op": "in", "value": [outer.pk]}}
        )
    Segment.objects.filter(pk=inner.pk).update(rule={"field": "segment", "op": "in", "value": [inner.pk]})
    inner.refresh_from_db()
    with pytest.raises(ConditionError, match="contains itself"):
        members(inner, None)


def test_rule_on_a_field_that_the_viewer_may_not_see_is_refused() -> None:
    role = make_role(contact="view:all", segment="view:all")
    role.grants.filter(record_type="contact").update(hidden_fields=["city"])
    segment = create_segment(actor=None, name="Berlin", rule=BERLIN)
    nested = create_segment(
        actor=None, name="N", rule={"field": "segment", "op": "in", "value": [segment.pk]}
    )
    for one in (segment, nested):
        with pytest.raises(ConditionError):
            members(one, make_user(role)).count()


def test_fixed_segment_keeps_its_members() -> None:
    ada, bob = make_contact(), make_contact()
    segment = create_segment(actor=None, name="Guests", kind="static", members=[ada.pk])
    assert add_members(actor=None, segment=segment, contact_ids=[ada.pk, bob.pk, 10**9]) == 1
    assert set(members(segment, None)) == {ada, bob}
    assert remove_members(actor=None, segment=segment, contact_ids=[ada.pk]) == 1
    assert list(members(segment, None)) == [bob]


def test_nobody_is_put_into_a_segment_that_follows_its_rule() -> None:
    segment = create_segment(actor=None, name="Berlin", rule=BERLIN)
    with pytest.raises(ValidationError, match="follows its rule"):
        add_members(actor=None, segment=segment, contact_ids=[make_contact().pk])


def test_person_out_of_scope_cannot_be_put_into_a_segment() -> None:
    user = make_user(make_role(contact="view:own", segment="view:all,change:all"))
    segment = create_segment(actor=None, name="Guests", kind="static")
    assert add_members(actor=user, segment=segment, contact_ids=[make_contact().pk]) == 0
    with pytest.raises(NotAllowed):
        add_members(actor=make_user("readonly"), segment=segment, contact_ids=[])


def test_yes_and_no_are_read_aloud_as_words() -> None:
    segment = create_segment(
        actor=None, name="No", rule={"field": "do_not_contact", "op": "is", "value": False}
    )
    viewer = make_user("marketing")
    assert preview_of_segment(segment, viewer).words == "Do not contact is no"
    update_segment(
        actor=None, segment=segment, changes={"rule": {"field": "do_not_contact", "op": "is", "value": True}}
    )
    assert preview_of_segment(segment, viewer).words == "Do not contact is yes"
