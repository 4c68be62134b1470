"""A number and the list behind it from one source: the filters of a list page.

The condition that a tile counts by is compiled from the very parameters of the link that the tile carries,
so that the list it opens has exactly those rows.
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.http import urlencode

from core.conditions.compile import EVERY_ROW, compile_tree, usable_of
from core.conditions.criteria import criteria_for
from core.conditions.filters import filterset_for
from core.places import place
from core.registries import records
from core.scope.access import profile_for


@dataclass(frozen=True)
class RowsLink:
    """Rows of a record type under the filters `params` (as in a list's URL)."""

    record_type: str
    params: tuple[tuple[str, str], ...] = ()

    @classmethod
    def to(cls, record_type: str, **params: Any) -> "RowsLink":
        return cls(record_type, tuple((name, str(value)) for name, value in params.items()))

    def url(self) -> str:
        """The list page under these filters; an empty string where the type has no list."""
        if not records.known(self.record_type) or not records.get(self.record_type).list_url:
            return ""
        address = place(records.get(self.record_type).list_url)
        return f"{address}?{urlencode(self.params)}" if self.params and address else address

    def usable(self, user: Any) -> bool:
        """Whether `user` may see the type and every filter exists for them."""
        if not records.known(self.record_type) or not profile_for(user).allows(self.record_type, "view"):
            return False
        filters = self._filters(user)
        filters.tree()
        return not filters.unknown() and not filters.problems

    @property
    def asks_by(self) -> set[str]:
        """The criteria that its filters are of."""
        return {name.partition("__")[0] for name, _value in self.params}

    def condition(self, user: Any) -> Q:
        """The filters as a condition on the model, without the scope. Raises ValueError for filters that
        are not there: a number must not silently count more than its list."""
        filters = self._filters(user)
        tree = filters.tree()
        if filters.unknown() or filters.problems:
            wrong = ", ".join([*filters.unknown(), *filters.problems])
            raise ValueError(f"no such filter of {self.record_type}: {wrong}")
        return compile_tree(tree, self.record_type, user) if self.params else EVERY_ROW

    def rows(self, user: Any) -> QuerySet[Any]:
        """The rows in scope, as the list has them."""
        return records.get(self.record_type).visible_to(user).filter(self.condition(user))

    def _filters(self, user: Any) -> Any:
        data = QueryDict(mutable=True)
        data.update(dict(self.params))
        queryset = records.get(self.record_type).visible_to(user)
        return filterset_for(self.record_type)(data, queryset, user=user)


def hidden_criteria(record_type: str, user: Any) -> set[str]:
    """What `user` may not ask by, because their role hides it: a list under such a filter would show other rows."""
    if not any(profile_for(user).hidden.values()):
        return set()
    known = criteria_for(record_type)
    return set(known) - set(usable_of(known.values(), record_type, user))
