"""The record of processing activities (Article 30 of the GDPR), generated: the activities that apps register, the
classified fields of their models, Nothing in it is typed twice."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Model

from core.privacy.classes import Kind
from core.registries import privacy, processing
from core.registries.processing import Processing
from core.retention.policies import policy_words


@dataclass(frozen=True)
class Category:
    """The personal fields of one kind of record, in words, and what erasing does to them."""

    model: str
    name: str
    fields: tuple[str, ...]
    erasers: tuple[str, ...]
    policies: tuple[str, ...]


@dataclass(frozen=True)
class Line:
    """One activity with the data it covers."""

    activity: Processing
    categories: tuple[Category, ...]

    def as_dict(self) -> dict[str, Any]:
        one = self.activity
        return {
            "activity": str(one.name),
            "purpose": str(one.purpose),
            "legal_basis": str(one.basis),
            "data_subjects": str(one.subjects),
            "recipients": str(one.recipients),
            "data": [
                {
                    "record": category.name,
                    "fields": list(category.fields),
                    "erasure": list(category.erasers),
                    "retention": list(category.policies),
                }
                for category in self.categories
            ],
        }


def record_of_processing() -> list[Line]:
    """Every activity."""
    words = policy_words()
    lines = []
    for activity in processing.all_activities():
        found = [category_of(model, words) for model in personal_models() if activity_of(model) is activity]
        lines.append(Line(activity, tuple(one for one in found if one.fields)))
    return lines


def personal_models() -> list[type[Model]]:
    """Models with rows about people, by name."""
    return sorted((source.model for source in privacy.sources()), key=lambda model: model._meta.label)


def activity_of(model: type[Model]) -> Processing | None:
    """The activity that a model's data belong to: one that names it, else its app's."""
    activities = processing.all_activities()
    named = (one for one in activities if model._meta.label in one.models)
    of_app = (one for one in activities if one.app == model._meta.app_label)
    return next(named, None) or next(of_app, None)


def category_of(model: type[Model], words: dict[str, list[str]]) -> Category:
    table = model.privacy  # type: ignore[attr-defined]
    fields = [*model._meta.concrete_fields, *model._meta.many_to_many]
    told = [
        one for one in fields if one.name in table and table[one.name].kind in (Kind.PERSONAL, Kind.CONTENT)
    ]
    return Category(
        model=model._meta.label,
        name=str(model._meta.verbose_name).capitalize(),
        fields=tuple(str(one.verbose_name) for one in told),
        erasers=tuple(sorted({str(table[one.name].eraser) for one in told})),
        policies=tuple(words.get(str(getattr(model, "record_type", "")), ())),
    )
