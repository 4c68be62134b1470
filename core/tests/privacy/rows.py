"""Rows of any model about one contact, with a canary in every text, made from the model's own fields."""

import datetime
from typing import Any

from django.core.files.base import ContentFile
from django.db.models import Field, FileField, ForeignKey, Model
from django.utils import timezone

from core.models import User
from core.privacy.classes import Eraser
from core.registries import privacy

CANARY = "kanari"


def special_values(label: str, contact: Any) -> dict[str, Any]:
    """What a model needs so that its row is about the contact, where no foreign key says so."""
    if label == "contacts.Relationship":
        return {"other": type(contact).objects.create()}
    if label == "contacts.ContactDuplicate":
        return {"b": type(contact).objects.create(), "score": 0.9}
    here = {"attached_type": "contact", "attached_id": contact.pk}
    return {
        "core.File": here,
        "core.Comment": {"record_type": "contact", "object_id": contact.pk},
        "core.Notification": {"record_type": "contact", "object_id": contact.pk},
        "core.ImportBatch": {"target": "contacts", "finished_at": timezone.now()},
        "core.ImportRow": {"object_id": contact.pk},
        "contacts.LegalHold": {"lifted_at": timezone.now()},
        "core.IdempotencyKey": {"body": {"id": contact.pk, "lifecycle_stage": "lead", "name": CANARY}},
        "service.RawMail": {"sender": f"{CANARY}@example.org"},
        "contacts.Suppression": {"address": f"{CANARY}@example.org"},
        "contacts.ContactPoint": {
            "kind": "email", "value": f"{CANARY}@example.org", "normalised": f"{CANARY}@example.org",
        },
    }.get(label, {})  # fmt: skip


def make_row(model: type[Model], contact: Any, made: dict[Any, Any]) -> Any:
    """A row of `model` about `contact`, its parents first; one of each model in `made`."""
    if model in made:
        return made[model]
    values: dict[str, Any] = {}
    special = special_values(model._meta.label, contact)
    for field in model._meta.concrete_fields:
        if field.primary_key or field.name in special:
            continue
        value = value_of(field, model, contact, made)
        if value is not None:
            values[field.name] = value
    row = model(**values, **special)
    row.save(force_insert=True)
    made[model] = row
    return row


def value_of(field: "Field[Any, Any]", model: type[Model], contact: Any, made: dict[Any, Any]) -> Any:
    if isinstance(field, ForeignKey):
        return _parent(field, model, contact, made)
    classification = model.privacy[field.name]  # type: ignore[attr-defined]
    if isinstance(field, FileField):
        return ContentFile(CANARY.encode(), name=f"{CANARY}.txt")
    kind = field.get_internal_type()
    # parents that belong to nobody in particular (a company, a campaign) are not erased with the person
    personal = classification.eraser != Eraser.KEEP and model in {
        source.model for source in privacy.sources()
    }
    if not personal and (field.has_default() or field.null or field.blank):
        return None
    if field.choices:
        return field.choices[0][0]
    if kind in ("CharField", "TextField", "EmailField", "SlugField"):
        length = field.max_length or 200
        return (CANARY if personal else f"{model._meta.model_name}-{field.name}")[:length]
    return {
        "JSONField": [CANARY] if personal else {},
        "ArrayField": [CANARY] if personal else [],
        "DateField": datetime.date(2024, 5, 17),
        "DateTimeField": timezone.now(),
        "BooleanField": False,
        "PositiveSmallIntegerField": 1,
        "BinaryField": b"x",
    }.get(kind, 7)


def _parent(field: Any, model: type[Model], contact: Any, made: dict[Any, Any]) -> Any:
    related = field.related_model
    if related is type(contact):
        return contact
    if related is User:
        return None if field.null else made.setdefault(User, User.objects.create(name="Somebody"))
    leads_to_contact = any(
        getattr(f, "related_model", None) is type(contact) for f in related._meta.concrete_fields
    )
    if related is model or (field.null and not leads_to_contact):
        return None
    return make_row(related, contact, made)
