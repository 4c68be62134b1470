"""The record of processing activities (Article 30 of the GDPR), generated: the activities that apps register, the
classified fields of their models, the policies in force. Nothing in it is typed twice."""

from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import Model

from core.models import Organisation
from core.privacy.classes import Kind
from core.registries import privacy, processing
from core.registries.processing import Processing
from core.retention.policies import policy_words


@dataclass(frozen=True)
class Category:
    """The personal fields of one kind of record, in words, and what erasing does to them. `words` say what it is
    where the names of the fields say little."""

    model: str
    name: str
    fields: tuple[str, ...]
    erasers: tuple[str, ...] = ()
    policies: tuple[str, ...] = ()
    words: str = ""


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
            "transfers": str(one.transfers),
            "kept": str(one.kept),
            "data": [
                {
                    "record": category.name,
                    "description": category.words,
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
        found += [Category("", str(name), tuple(map(str, fields))) for name, fields in activity.others]
        lines.append(Line(activity, tuple(one for one in found if one.fields)))
    return lines


def responsible() -> str:
    """Who is responsible, as the organisation's own row says it: name and postal address."""
    organisation = Organisation.objects.filter(pk=1).first() or Organisation()
    name, address = organisation.name, organisation.postal_address.strip()
    return address if address.startswith(name) else f"{name}\n{address}".strip()


def personal_models() -> list[type[Model]]:
    """Models with rows or fields about people, colleagues included, by name."""
    about_people = {source.model for source in privacy.sources()}
    about_people |= {model for model in apps.get_models() if _is_personal(model)}
    return sorted(about_people, key=lambda model: model._meta.label)


def _is_personal(model: type[Model]) -> bool:
    table = getattr(model, "privacy", {})
    return any(one.kind in (Kind.PERSONAL, Kind.CONTENT) for one in table.values())


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
        words=processing.words_for(model._meta.label),
    )
