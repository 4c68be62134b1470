"""Whom a profile is about: a person, or a company with all companies below it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Q

from contacts.models import Company, Contact
from contacts.selectors.affiliations import may_see_who_belongs
from core.conditions.rows_links import RowsLink

DEEPEST = 20
"""How far down subsidiaries are followed; a ring of parents ends here too."""
BELOW = """
WITH RECURSIVE family (id, depth) AS (
    SELECT id, 0 FROM contacts_company WHERE id = ANY(%s)
    UNION
    SELECT c.id, f.depth + 1 FROM contacts_company c JOIN family f ON c.parent_id = f.id
    WHERE c.deleted_at IS NULL AND f.depth < %s
)
SELECT DISTINCT id FROM family
"""


@dataclass(frozen=True)
class Subject:
    """A contact, or a company with `company_ids` (itself and its subsidiaries as far as the viewer sees them);
    `shows_people` says whether the viewer may see who belongs to it."""

    record: Any
    company_ids: tuple[int, ...] = ()
    shows_people: bool = True

    @property
    def is_person(self) -> bool:
        return isinstance(self.record, Contact)

    @property
    def subsidiaries(self) -> int:
        return max(len(self.company_ids) - 1, 0)

    def rows(self, contact: str = "contact", company: str = "company", *, copied: bool = False) -> Q:
        """The condition on rows that point at a contact and a company by these paths. `copied` says that the
        company of such a row is mostly the contact's: those that name somebody are left out where the viewer may
        not see who belongs to a company."""
        if self.is_person:
            return Q(**{contact: self.record.pk})
        own = Q(**{f"{company}__in": self.company_ids})
        return own if self.shows_people or not copied else own & Q(**{contact: None})

    def link(self, record_type: str, **params: Any) -> RowsLink:
        """The list of the same rows, under further filters."""
        own = {"contact": self.record.pk} if self.is_person else {"family": self.record.pk}
        return RowsLink.to(record_type, **own, **params)


def subject_of(record: Contact | Company, user: Any) -> Subject:
    """The subject as `user` may see it. One query for a company, none for a person."""
    if isinstance(record, Contact):
        return Subject(record)
    return Subject(record, tuple(family_ids([record.pk], user)), may_see_who_belongs(user))


def family_ids(company_ids: Sequence[int], user: Any) -> list[int]:
    """The companies and everything below them, those alone that `user` may see; None is the system."""
    with connection.cursor() as cursor:
        cursor.execute(BELOW, [list(company_ids), DEEPEST])
        found = [pk for (pk,) in cursor.fetchall()]
    rows = Company.objects.all() if user is None else Company.objects.visible_to(user)
    return list(rows.filter(pk__in=found).order_by("pk").values_list("pk", flat=True))


def family_condition(path: str) -> Callable[[str, Any, Any], Q]:
    """A criterion's `build`: rows whose company (at `path`) is one of those given or below one."""

    def build(op: str, value: Any, user: Any) -> Q:
        return Q(**{f"{path}__in": family_ids(value, user)})

    return build
