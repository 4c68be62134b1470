"""The record of processing is generated and complete."""

import pytest

from core.models import Organisation
from core.privacy.classes import Kind
from core.privacy.processing import activity_of, personal_models, record_of_processing, responsible
from core.registries.processing import safeguards


@pytest.mark.parametrize("model", personal_models(), ids=lambda model: model._meta.label)
def test_model_with_personal_data_belongs_to_an_activity(model: type) -> None:
    assert activity_of(model) is not None


@pytest.mark.django_db
def test_record_names_every_personal_field() -> None:
    told = {
        category.model: len(category.fields)
        for line in record_of_processing()
        for category in line.categories
    }
    for model in personal_models():
        table = model.privacy  # type: ignore[attr-defined]
        fields = {one.name for one in [*model._meta.concrete_fields, *model._meta.many_to_many]}
        personal = [
            name
            for name, one in table.items()
            if name in fields and one.kind in (Kind.PERSONAL, Kind.CONTENT)
        ]
        assert told.get(model._meta.label, 0) == len(personal)


@pytest.mark.django_db
def test_record_tells_of_colleagues_time_limits_and_other_countries() -> None:
    lines = {line.activity.key: line.as_dict() for line in record_of_processing()}
    kept = {one["record"]: one["fields"] for one in lines["accounts"]["data"]}
    assert {"name", "e-mail"} <= set(kept["User"])
    assert "network address" in kept["Session"]
    assert all(line["kept"] and line["transfers"] and line["data"] for line in lines.values())
    assert "books" in lines["selling"]["kept"]


@pytest.mark.django_db
def test_record_says_who_is_responsible_and_what_protects() -> None:
    Organisation.objects.update_or_create(pk=1, defaults={"name": "Acme", "postal_address": "1 High Street"})
    assert responsible() == "Acme\n1 High Street"
    Organisation.objects.update(postal_address="Acme Ltd\n1 High Street")
    assert responsible() == "Acme Ltd\n1 High Street"
    assert any("second factor" in one for one in safeguards())


@pytest.mark.django_db
def test_line_says_purpose_basis_recipients_and_fields() -> None:
    lines = {line.activity.key: line.as_dict() for line in record_of_processing()}
    assert lines["mailings"]["legal_basis"] == "Consent"
    assert "mail server" in lines["mailings"]["recipients"]
    contact = next(one for one in lines["relationships"]["data"] if one["record"] == "Contact")
    assert {"first name", "birthday"} <= set(contact["fields"])
