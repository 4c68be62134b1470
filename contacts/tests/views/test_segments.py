"""Pages of segments."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from contacts.models import Segment
from contacts.selectors.groups import members
from contacts.services.consents import record_consent
from contacts.services.segments import create_segment
from contacts.tests.factories import make_contact
from core.tests.factories import make_user

pytestmark = pytest.mark.django_db
FRAGMENT = {"HX-Request": "true"}


def signed_in(role: str = "marketing") -> Client:
    client = Client()
    client.force_login(make_user(role))
    return client


def fields(**extra: Any) -> dict[str, Any]:
    return {
        "name": "Berlin", "kind": "dynamic", "description": "",
        "c.mode": "all", "c-0.field": "city", "c-0.op": "is", "c-0.value": "Berlin", **extra,
    }  # fmt: skip


def test_segment_is_created_from_the_builder() -> None:
    response = signed_in().post(reverse("contacts:segment_create"), fields())
    segment = Segment.objects.get()
    assert response.status_code == 303
    assert segment.rule == {"all": [{"field": "city", "op": "is", "value": "Berlin"}]}


def test_condition_without_a_value_is_refused_and_kept() -> None:
    response = signed_in().post(reverse("contacts:segment_create"), fields(**{"c-0.value": ""}))
    assert response.status_code == 422
    assert "A condition has no value yet." in response.content.decode()
    assert 'value="Berlin"' in response.content.decode()  # the name
    assert not Segment.objects.exists()


def test_builder_adds_a_condition_without_scripts_and_saves_nothing() -> None:
    response = signed_in().post(reverse("contacts:segment_create"), fields(do="add:c"))
    assert 'name="c-1.field"' in response.content.decode()
    assert not Segment.objects.exists()


def test_preview_counts_and_reads_the_rule_aloud() -> None:
    make_contact("Ada", "Byron", city="Berlin")
    make_contact(city="Paris")
    response = signed_in().post(reverse("contacts:segment_rule"), fields(), headers=FRAGMENT)
    text = response.content.decode()
    assert "City is Berlin" in text
    assert '<b class="num">1</b> person you can see' in text
    assert "Ada Byron" in text


def test_builder_fragment_offers_operators_of_the_chosen_field() -> None:
    data = fields(**{"c-0.field": "lifecycle", "c-0.op": "is", "do": "refresh"})
    text = signed_in().post(reverse("contacts:segment_rule"), data, headers=FRAGMENT).content.decode()
    assert 'id="segment-builder"' in text
    assert "is none of" in text
    assert 'type="checkbox" name="c-0.value" value="customer"' in text


def test_segment_page_is_edited_with_its_rule() -> None:
    segment = create_segment(actor=None, name="Berlin", rule={"field": "city", "op": "is", "value": "Berlin"})
    client = signed_in()
    text = client.get(reverse("contacts:segment_update", args=[segment.pk])).content.decode()
    assert 'name="c-0.value" id="c-0-value" value="Berlin"' in text
    data = fields(**{"c-0.value": "Paris", "version": str(segment.version)})
    assert client.post(reverse("contacts:segment_update", args=[segment.pk]), data).status_code == 303
    segment.refresh_from_db()
    assert segment.rule == {"all": [{"field": "city", "op": "is", "value": "Paris"}]}


def test_segment_page_shows_the_rule_and_its_people(django_assert_max_num_queries: Any) -> None:
    segment = create_segment(actor=None, name="Berlin", rule={"field": "city", "op": "is", "value": "Berlin"})
    for _n in range(3):
        make_contact("Ada", city="Berlin")
    client = signed_in()
    client.get(reverse("contacts:segment_detail", args=[segment.pk]))
    with django_assert_max_num_queries(25):
        text = client.get(reverse("contacts:segment_detail", args=[segment.pk])).content.decode()
    assert "City is Berlin" in text
    assert text.count("cell-link") == 3


def test_member_is_taken_out() -> None:
    ada = make_contact("Ada")
    segment = create_segment(actor=None, name="Guests", kind="static", members=[ada.pk])
    url = reverse("contacts:segment_member_remove", args=[segment.pk, ada.pk])
    assert signed_in("readonly").post(url).status_code == 403
    assert segment.members.count() == 1
    assert signed_in().post(url).status_code == 303
    assert segment.members.count() == 0


def test_segment_of_a_rule_that_broke_says_so_and_stays_open() -> None:
    segment = create_segment(actor=None, name="Berlin")
    Segment.objects.filter(pk=segment.pk).update(rule={"field": "gone", "op": "is", "value": "x"})
    response = signed_in().get(reverse("contacts:segment_detail", args=[segment.pk]))
    assert response.status_code == 200
    assert "There is no field “gone” to filter by." in response.content.decode()


def test_people_are_added_to_a_fixed_segment_from_the_list() -> None:
    ada = make_contact("Ada")
    segment = create_segment(actor=None, name="Guests", kind="static")
    data = {"action": "segment", "ids": [ada.pk], "segment": segment.pk, "confirmed": "1"}
    assert signed_in().post(reverse("contacts:contact_list"), data).status_code == 303
    assert list(segment.members.values_list("contact_id", flat=True)) == [ada.pk]


def test_country_and_language_are_asked_and_read_by_name() -> None:
    make_contact("Ada", "Byron", country="DE", language="en")
    make_contact("Bob", "Stone", country="de", language="en")  # as a file may have left it
    make_contact("Cleo", "Vale", country="AT", language="en")
    client = signed_in("admin")
    url = reverse("contacts:segment_rule")
    typed = {"c-1.field": "language", "c-1.op": "is", "c-1.value": "English"}
    for op, value, people, words in (
        ("is", "Germany", 2, "Country is Germany and Language is English"),
        ("in", ["DE", "AT"], 3, "Country is any of Germany, Austria and Language is English"),
        ("not_in", ["Deutschland"], 1, "Country is none of Germany and Language is English"),
        ("is_not", "AT", 2, "Country is not Austria and Language is English"),
    ):
        asked = {**fields(), "c-0.field": "country", "c-0.op": op, "c-0.value": value, **typed}
        text = client.post(url, asked, headers=FRAGMENT).content.decode()
        assert (words in text, f'<b class="num">{people}</b>' in text) == (True, True), text
    asked = fields(**{"c-0.field": "country", "c-0.op": "is", "c-0.value": "Atlantis"})
    assert "Country: has no value “Atlantis”" in client.post(url, asked, headers=FRAGMENT).content.decode()


def test_rule_that_held_a_code_is_shown_with_the_name_chosen() -> None:
    rule = {"field": "country", "op": "is", "value": "DE"}
    segment = create_segment(actor=None, name="Germans", rule=rule)
    text = signed_in("admin").get(reverse("contacts:segment_update", args=[segment.pk])).content.decode()
    assert '<option value="DE" selected>Germany</option>' in text
    assert '<option value="is" selected>is</option>' in text


def test_consent_is_asked_by_purpose_and_channel_and_its_newest_word_counts() -> None:
    ada, bob, cleo = make_contact("Ada"), make_contact("Bob"), make_contact("Cleo")
    record_consent(actor=None, contact=ada, purpose="marketing", channel="sms", state="granted", source="web")
    for state in ("granted", "withdrawn"):
        record_consent(actor=None, contact=bob, purpose="marketing", channel="sms", state=state, source="web")
    record_consent(
        actor=None, contact=cleo, purpose="marketing", channel="phone", state="granted", source="web"
    )

    def found(field: str, op: str) -> set[str]:
        rule = {"field": field, "op": op, "value": ["marketing:sms"]}
        segment = create_segment(actor=None, name=f"{field} {op}", rule=rule)
        return {person.first_name for person in members(segment, None, live=True)}

    assert found("agreed_to", "in") == {"Ada"}
    assert found("agreed_to", "not_in") == {"Bob", "Cleo"}
    assert found("withdrawn_from", "in") == {"Bob"}


def test_long_rule_is_told_as_a_list_within_lists() -> None:
    places = {
        "any": [
            {"field": "country", "op": "in", "value": ["DE"]},
            {"field": "city", "op": "is", "value": "Bern"},
        ]
    }
    rule = {"all": [{"field": "job_title", "op": "contains", "value": "CEO"}, {"not": places}]}
    segment = create_segment(actor=None, name="Elsewhere", rule=rule)
    text = signed_in().get(reverse("contacts:segment_detail", args=[segment.pk])).content.decode()
    outline = text[text.index('<ul class="rule-outline">') :]
    words = [
        part.strip() for part in re.sub(r"<[^>]+>", "\n", outline[: outline.index("</div>")]).split("\n")
    ]
    assert [word for word in words if word] == [
        "All of these", "Job title contains CEO", "None of these", "Country is any of Germany", "City is Bern",
    ]  # fmt: skip
