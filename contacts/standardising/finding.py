"""Finding the values that are not written as they should be, among records that a person may change."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import F, QuerySet, Value
from django.db.models.functions import Coalesce, NullIf

from contacts.enums import PointKind
from contacts.models import Company, Contact, StandardChange
from contacts.standardising.rules import Fix, Rule, country_code
from core.enums import Action
from core.scope.access import AccessProfile, profile_for

KINDS = {"phones": (PointKind.PHONE, PointKind.MOBILE), "mails": (PointKind.EMAIL,)}
CHUNK = 5000


@dataclass(frozen=True)
class Source:
    """One field of one model under one rule."""

    rule: Rule
    model: type[models.Model]
    field: str
    fix: Fix

    def rows(self, user: Any) -> QuerySet[Any]:
        """(pk, value, country, contact, company) of the rows that `user` may change, in the order of keys."""
        rows = self.model.objects.visible_to(user, Action.CHANGE).exclude(**{self.field: ""})  # type: ignore[attr-defined]
        if self.rule.key in KINDS:
            rows = rows.filter(kind__in=KINDS[self.rule.key])
        contact, company, country = self._owners()
        return rows.order_by("pk").values_list("pk", self.field, country, contact, company)  # type: ignore[no-any-return]

    def _owners(self) -> tuple[Any, Any, Any]:
        nothing = Value(None, output_field=models.BigIntegerField())
        if self.model is Contact:
            return F("pk"), nothing, F("country")
        if self.model is Company:
            return nothing, F("pk"), F("country")
        own = Coalesce(
            NullIf("contact__country", Value("")), NullIf("company__country", Value("")), Value("")
        )
        return F("contact_id"), F("company_id"), own


def sources_of(rules: list[Rule], user: Any) -> list[Source]:
    """Where the rules look, without the fields that the person's role hides or protects."""
    profile = profile_for(user)
    return [
        Source(rule, apps.get_model(label), field, fix)
        for rule in rules
        for label, field, fix in rule.fields
        if not is_closed(label, field, profile)
    ]


def is_closed(label: str, field: str, profile: AccessProfile) -> bool:
    """Whether a field of a model is hidden or read-only for somebody. Points and addresses hang on people and
    companies: they are closed where either says so."""
    names = {"contacts.ContactPoint": {"points", "email", "phone"}, "contacts.Address": {"addresses"}}
    own = {"contacts.Contact": ("contact",), "contacts.Company": ("company",)}
    closed: set[str] = set()
    for record_type in own.get(label, ("contact", "company")):
        closed |= profile.hidden_fields(record_type) | profile.read_only_fields(record_type)
    return bool(names.get(label, {field}) & closed)


def changes_in(
    source: Source, user: Any, *, after_pk: int, default_country: str
) -> Iterator[tuple[int, int, list[StandardChange]]]:
    """Chunk by chunk: the last key, how many rows were read, and the changes found among them."""
    while True:
        rows = list(islice(source.rows(user).filter(pk__gt=after_pk)[:CHUNK].iterator(CHUNK), CHUNK))
        if not rows:
            return
        after_pk = rows[-1][0]
        yield after_pk, len(rows), [found for row in rows if (found := _change(source, row, default_country))]


def _change(source: Source, row: tuple[Any, ...], default_country: str) -> StandardChange | None:
    pk, before, country, contact_id, company_id = row
    code = country_code(country or "", "")
    after = source.fix(before, code if len(code) == 2 and code.isupper() else default_country)
    limit = source.model._meta.get_field(source.field).max_length  # type: ignore[union-attr]
    if after == before or len(after) > (limit or 0):
        return None
    return StandardChange(
        contact_id=contact_id,
        company_id=company_id,
        rule=source.rule.key,
        target=source.model._meta.label,
        target_pk=pk,
        field=source.field,
        before=before,
        after=after,
    )
