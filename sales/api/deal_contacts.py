"""The people of a deal in the API: `/deals/{id}/contacts/`. People out of the caller's scope are not there."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from contacts.models import Contact
from core.api.nested import NestedRows, RowSerializer
from core.api.references import Reference
from core.api.views import RowVersion, bad_request
from core.services.base import StaleRecord
from sales.models import DealContact
from sales.selectors.deals import people_of_deal
from sales.services.deal_contacts import NOT_ON_IT, add_deal_contact, remove_deal_contact


class DealContactSerializer(RowSerializer):
    """A person on a deal, with their role in it; one of them is the primary contact."""

    contact = Reference(queryset=Contact.objects.all())
    version = RowVersion()

    class Meta:
        model = DealContact
        fields: ClassVar = ["id", "contact", "role", "is_primary", "version"]
        read_only_fields: ClassVar = ["id"]
        validators: ClassVar[list[Any]] = []


class DealContactChangeSerializer(DealContactSerializer):
    """Another role. The person stays: take them off and add somebody else."""

    contact = Reference(read_only=True)  # type: ignore[assignment]


class DealPeople(NestedRows):
    """Who takes part in the deal, the primary contact first. The first who is added becomes the primary one."""

    serializer = DealContactSerializer
    change_serializer = DealContactChangeSerializer
    stand_for = frozenset({"contact", "contacts"})

    def rows(self, record: Any, user: Any) -> QuerySet[DealContact]:
        return people_of_deal(user, record)

    def add(self, actor: Any, record: Any, values: dict[str, Any]) -> DealContact:
        try:
            return add_deal_contact(
                actor=actor,
                deal=record,
                contact=values["contact"],
                role=values.get("role", ""),
                primary=values.get("is_primary", False),
                expected_version=NOT_ON_IT,
            )
        except StaleRecord:
            raise bad_request({"contact": [_("This person is on the deal already.")]}) from None

    def change(
        self, actor: Any, row: Any, changes: dict[str, Any], expected_version: int | None
    ) -> DealContact:
        """Give a person another role or make them the primary contact; take them off the deal, and the next one
        becomes the primary contact."""
        if row.is_primary and changes.get("is_primary") is False:
            raise bad_request({"is_primary": [_("Make somebody else the primary contact instead.")]})
        return add_deal_contact(
            actor=actor,
            deal=row.deal,
            contact=row.contact,
            role=changes.get("role", row.role),
            primary=changes.get("is_primary", row.is_primary),
            expected_version=expected_version,
        )

    def remove(self, actor: Any, row: Any, expected_version: int | None) -> None:
        remove_deal_contact(
            actor=actor, deal=row.deal, contact=row.contact, expected_version=expected_version
        )
