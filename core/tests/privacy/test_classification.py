"""Every field of every model is classified, and whoever keeps personal data says about whom it is."""

import pytest
from django.apps import apps
from django.db.models import Model

from core.history.install import OUR_APPS
from core.privacy.classes import Eraser, Kind
from core.registries import privacy

MODELS = [model for model in apps.get_models() if model._meta.app_label in OUR_APPS]
NOT_ABOUT_CONTACTS = {
    "core.Change": "the history is erased by history.erase(), row by row of the other models",
    "core.User": "people who work here; deactivated and renamed in the admin, not customers",
    "contacts.Company": "an organisation: its description is business text and goes with the company",
}
"""Models with erasable fields whose rows don't belong to one contact, each with its reason."""


def fields_of(model: type[Model]) -> set[str]:
    return {field.name for field in [*model._meta.concrete_fields, *model._meta.many_to_many]}


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_model_classifies_every_field(model: type[Model]) -> None:
    table = getattr(model, "privacy", None)
    assert table is not None, f"{model._meta.label} has no privacy table"
    assert fields_of(model) - set(table) == set()


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_model_with_personal_fields_says_whose_rows_they_are(model: type[Model]) -> None:
    registered = {source.model for source in privacy.sources()}
    erasable = [name for name in fields_of(model) if model.privacy[name].eraser != Eraser.KEEP]  # type: ignore[attr-defined]
    if erasable and model._meta.label not in NOT_ABOUT_CONTACTS:
        assert model in registered, f"{erasable} of {model._meta.label}: register PersonalRows for it"


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_personal_field_has_an_eraser_that_its_column_can_take(model: type[Model]) -> None:
    for field in model._meta.concrete_fields:
        classification = model.privacy[field.name]  # type: ignore[attr-defined]
        if classification.kind == Kind.PERSONAL:
            assert classification.eraser != Eraser.KEEP, field.name
            assert classification.exported, field.name
        if classification.eraser == Eraser.NULL:
            assert field.null, field.name
        if classification.eraser in (Eraser.BLANK, Eraser.TOKEN):
            assert field.get_internal_type() in (
                "CharField", "TextField", "JSONField", "FileField", "EmailField", "ArrayField", "SlugField",
            ), field.name  # fmt: skip


def test_rows_of_history_are_not_the_only_list_of_exceptions() -> None:
    labels = {model._meta.label for model in MODELS}
    assert set(NOT_ABOUT_CONTACTS) <= labels
