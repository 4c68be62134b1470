"""That nothing is left behind when records are merged: every column of every model that may point at one."""

from typing import Any

import pytest
from django.apps import apps
from django.db import models
from django.db.models import Model

from contacts.models import Company, Contact
from core.history.install import OUR_APPS
from core.registries import relinkers
from core.registries.relinkers import Relinker

MERGEABLE: frozenset[type[Model]] = frozenset({Contact, Company})


def forgotten(all_models: Any) -> list[str]:
    """Every link that nobody has registered, `app.Model.column`."""
    return [
        f"{model._meta.label}.{name}"
        for model in all_models
        if model._meta.app_label in OUR_APPS and model._meta.managed
        for name in relinkers.links_of(model, MERGEABLE)
        if not relinkers.is_known(model, name)
    ]


def test_every_link_to_a_mergeable_record_is_registered() -> None:
    missing = forgotten(apps.get_models(include_auto_created=True))
    assert missing == [], (
        "say in the app's registrations what a merge does with them (core.registries.relinkers)"
    )


def test_a_forgotten_link_is_noticed() -> None:
    """Models made here alone: a foreign key, and a link by type and id."""

    class Forgotten(models.Model):  # noqa: DJ008 - nobody reads its rows
        contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="+")
        thing_id = models.BigIntegerField()
        number = models.BigIntegerField()

        class Meta:
            app_label = "contacts"
            managed = True

    try:
        assert forgotten([Forgotten]) == ["contacts.Forgotten.contact", "contacts.Forgotten.thing_id"]
    finally:
        del apps.all_models["contacts"]["forgotten"]
        apps.clear_cache()


@pytest.mark.parametrize(
    "relinker", relinkers.all_relinkers(), ids=lambda r: f"{r.model._meta.label}.{r.field}"
)
def test_constraints_with_a_condition_are_settled_before_the_rows_move(relinker: Relinker) -> None:
    assert not relinker.partly_unique() or relinker.before is not None


@pytest.mark.parametrize(
    "relinker", relinkers.all_relinkers(), ids=lambda r: f"{r.model._meta.label}.{r.field}"
)
def test_merging_finds_the_rows_by_an_index(relinker: Relinker) -> None:
    """A merge must not read whole tables: the column leads an index, after the type for links by type."""
    meta = relinker.model._meta
    column: Any = meta.get_field(relinker.field)
    lead = [relinker.type_field, relinker.field] if relinker.type_field else [relinker.field]
    indexed = [
        [name.lstrip("-") for name in index.fields] for index in meta.indexes if index.condition is None
    ]
    indexed += [list(names) for names in meta.unique_together]
    indexed += [
        list(c.fields)
        for c in meta.constraints
        if isinstance(c, models.UniqueConstraint) and c.condition is None
    ]
    assert column.db_index or column.unique or any(names[: len(lead)] == lead for names in indexed)
