"""Which company a line about a person means."""

from collections.abc import Iterable
from typing import Any

from contacts.importing.new_companies import NewCompany
from contacts.models import Company
from core.importing.keys import qualified
from core.importing.problems import Suggestion
from core.importing.references import RecordResolver


class CompanyOfPerson(RecordResolver):
    """Known companies; names that resemble one wait for a decision, others are new companies."""

    makes_new = True

    def new(self, text: str) -> Any:
        return NewCompany(" ".join(text.split()))


class CompanyById(RecordResolver):
    """Companies by the id that the program they come from gave them."""

    def find(self, texts: Iterable[str], user: Any, namespace: str = "") -> dict[str, Any]:
        keys = {qualified(namespace, text): text for text in texts}
        rows = self._rows(user).exclude(external_id="").filter(external_id__in=list(keys))
        found = {keys[key]: pk for key, pk in rows.order_by("-pk").values_list("external_id", "pk")}
        return found | self.further(keys, found, user)

    def suggestions(self, text: str, user: Any) -> list[Suggestion]:
        return []


PERSON_COMPANIES = CompanyOfPerson(
    Company, name_field="sort_name", sorted_names=True, id_fields=("external_id",)
)
COMPANY_BY_ID = CompanyById(Company, name_field="sort_name", sorted_names=True)
