"""Checks that a record is linked only to what its writer may see."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.translation import gettext as _

from core.scope.access import profile_for


def check_visible(actor: Any, **records: Model | None) -> None:
    """Demand that `actor` sees each of the records. Raises ValidationError by the argument's name, in the
    words of a record that does not exist: nothing is told about what is out of scope."""
    for name, record in records.items():
        if record is not None:
            check_all_visible(actor, name, [record])


def check_all_visible(actor: Any, name: str, records: Iterable[Model]) -> None:
    """The same for several records of one type under one name."""
    found = {record.pk: record for record in records}
    if actor is None or not found or profile_for(actor).everything:
        return
    model: Any = next(iter(found.values())).__class__  # not type(): request.user is a proxy of a User
    seen = model.objects.visible_to(actor).filter(pk__in=found).count()
    if seen != len(found):
        raise ValidationError({name: _("There is no such record that you can see.")})
