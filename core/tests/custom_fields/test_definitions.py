"""Defining fields: what is demanded of a definition, archiving, retyping, and who sees a change when."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db.models import F

from contacts.models import Contact
from contacts.tests.factories import make_contact
from core.custom_fields import cache
from core.custom_fields.cache import definitions_for
from core.jobs.running import run
from core.models import CustomField, Job
from core.services.base import NotAllowed
from core.services.custom_fields import (
    archive_custom_field,
    create_custom_field,
    preview_retype,
    restore_custom_field,
    retype_custom_field,
    update_custom_field,
)
from core.tests.factories import make_user

pytestmark = pytest.mark.django_db


def add(label: str, kind: str = "text", **values: Any) -> CustomField:
    return create_custom_field(actor=None, record_type="contact", label=label, kind=kind, **values)


def errors_of(label: str, kind: str, **values: Any) -> list[str]:
    with pytest.raises(ValidationError) as refused:
        add(label, kind, **values)
    return list(refused.value.message_dict)


def test_key_is_made_of_the_label_and_never_changes() -> None:
    field = add("Contract end (planned)", "date")
    assert field.key == "contract_end_planned"
    with pytest.raises(ValidationError):
        update_custom_field(actor=None, field=field, changes={"key": "other"})


@pytest.mark.parametrize(
    ("kind", "values", "wrong"),
    [
        ("text", {"key": "first_name"}, "key"),
        ("text", {"key": "email"}, "key"),
        ("text", {"key": "a__b"}, "key"),
        ("text", {"key": "Größe"}, "key"),
        ("sound", {}, "kind"),
        ("choice", {"options": []}, "options"),
        ("choice", {"options": ["a", {"value": "a", "label": "b"}]}, "options"),
        ("link", {}, "ref_type"),
        ("link", {"ref_type": "nothing"}, "ref_type"),
        ("number", {"default": "many"}, "default"),
        ("formula", {"formula": "nobody * 2"}, "formula"),
        ("formula", {"formula": "thing + 1"}, "formula"),
        ("text", {"visible_when": {"field": "nobody", "op": "is", "value": 1}}, "visible_when"),
        ("text", {"required_when": {"field": "cf_thing", "op": "empty"}}, "required_when"),
        ("choice", {"options": ["a"], "options_when": {"b": {"field": "city", "op": "empty"}}}, "options_when"),
        ("multi", {"options": ["a"], "searchable": True}, "searchable"),
        ("long_text", {"indexed": True}, "indexed"),
    ],
)  # fmt: skip
def test_definition_that_can_not_work_is_refused(kind: str, values: dict[str, Any], wrong: str) -> None:
    assert wrong in errors_of("Thing", kind, **values)
    assert not CustomField.objects.exists()


def test_only_who_may_manage_defines() -> None:
    with pytest.raises(NotAllowed):
        create_custom_field(actor=make_user("manager"), record_type="contact", label="X", kind="text")
    assert not CustomField.objects.exists()


def test_formulas_that_read_each_other_are_refused() -> None:
    add("Price", "number")
    add("Year", "formula", formula="price * 12")
    field = add("Double", "formula", formula="year * 2")
    year = CustomField.objects.get(key="year")
    with pytest.raises(ValidationError, match="read each other"):
        update_custom_field(actor=None, field=year, changes={"formula": "double / 2"})
    assert (field.result_kind, make_contact(custom={"price": 10}).custom) == (
        "number",
        {"price": 10, "year": 120, "double": 240},
    )


def test_formula_of_rows_that_are_there_is_worked_out_by_a_job() -> None:
    add("Price", "number")
    contact = make_contact(custom={"price": 10})
    version = contact.version
    add("Year", "formula", formula='if(city = "Leeds", price * 12, price)')
    run(Job.objects.get(kind="core.custom_formulas").pk)
    contact.refresh_from_db()
    assert (contact.custom, contact.version) == ({"price": 10, "year": 10}, version)
    from contacts.services.parties import update_contact

    update_contact(actor=None, contact=contact, changes={"city": "Leeds"})
    assert Contact.objects.get(pk=contact.pk).custom == {"price": 10, "year": 120}


def test_option_that_is_taken_away_stays_where_it_is() -> None:
    field = add("Plan", "choice", options=["Gold", "Silver"])
    contact = make_contact(custom={"plan": "silver"})
    update_custom_field(actor=None, field=field, changes={"options": ["Gold", "Tin"]})
    assert [(o["value"], o["retired"]) for o in field.options] == [
        ("gold", False),
        ("tin", False),
        ("silver", True),
    ]
    from contacts.services.parties import update_contact

    update_contact(actor=None, contact=contact, changes={"custom": {"plan": "silver"}})
    with pytest.raises(ValidationError):
        make_contact(custom={"plan": "silver"})


def test_archived_field_is_gone_and_comes_back_with_its_values() -> None:
    field = add("Plan")
    contact = make_contact(custom={"plan": "Gold"})
    archive_custom_field(actor=None, field=field)
    assert definitions_for("contact") == {}
    with pytest.raises(ValidationError):
        make_contact(custom={"plan": "Gold"})
    from contacts.services.parties import update_contact

    add("Other")
    update_contact(actor=None, contact=contact, changes={"custom": {"other": "x"}})
    restore_custom_field(actor=None, field=field)
    assert Contact.objects.get(pk=contact.pk).custom == {"plan": "Gold", "other": "x"}


def test_field_that_others_read_is_not_archived() -> None:
    field = add("Plan")
    add("Why", visible_when={"field": "cf_plan", "op": "not_empty"})
    with pytest.raises(ValidationError, match="Why read this field"):
        archive_custom_field(actor=None, field=field)


def test_retyping_converts_what_fits_and_keeps_the_rest_for_the_way_back() -> None:
    field = add("Size")
    fits, misfit = make_contact(custom={"size": "12.50"}), make_contact(custom={"size": "about 12"})
    preview = preview_retype(field, "number")
    assert (preview.values, preview.fitting, preview.misfits) == (2, 1, ["about 12"])
    run(retype_custom_field(actor=None, field=field, kind="number").pk)
    fits.refresh_from_db()
    misfit.refresh_from_db()
    assert (fits.custom, misfit.custom) == ({"size": 12.5}, {"size~text": "about 12"})
    run(retype_custom_field(actor=None, field=field, kind="text").pk)
    fits.refresh_from_db()
    misfit.refresh_from_db()
    assert (fits.custom, misfit.custom) == ({"size": "12.5"}, {"size": "about 12"})


def test_text_becomes_a_choice_of_its_own_words() -> None:
    field = add("Plan")
    contact = make_contact(custom={"plan": "Gold plus"})
    run(retype_custom_field(actor=None, field=field, kind="choice").pk)
    contact.refresh_from_db()
    assert contact.custom == {"plan": "gold_plus"}
    assert [o["label"] for o in CustomField.objects.get().options] == ["Gold plus"]


def test_change_by_another_process_counts_at_once() -> None:
    field = add("Plan")
    assert definitions_for("contact")["plan"].label == "Plan"
    # as another process would leave it: a row that this one has not written
    CustomField.objects.filter(pk=field.pk).update(label="Tariff", version=F("version") + 1)
    assert definitions_for("contact")["plan"].label == "Tariff"
    CustomField.objects.filter(pk=field.pk).delete()
    assert definitions_for("contact") == {}


def test_definitions_cost_one_query_a_request_however_often_they_are_asked(
    django_assert_num_queries: Any,
) -> None:
    add("Plan")
    definitions_for("contact")
    cache._begin()
    try:
        with django_assert_num_queries(1):
            for _n in range(5):
                definitions_for("contact")
    finally:
        cache._end()
