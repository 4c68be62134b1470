"""Random rows of every app, random merges, chains of them, undone from the end: the same digest every time."""

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from contacts.models import Alias, Company, Contact, MergeLog, Relationship, RelationshipKind
from contacts.services.consents import record_consent
from contacts.services.merging import merge_records, unmerge
from contacts.services.parties import set_tags, update_contact
from contacts.tests.factories import (
    make_activity,
    make_affiliation,
    make_company,
    make_contact,
    make_entry,
    make_point,
)
from contacts.tests.merging.digests import differences, digests
from core.models import Favourite, User
from core.registries import relinkers
from core.tests.privacy.rows import make_row
from sales.models import DealContact
from sales.tests.factories import make_deal

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
OWN_WAY = (Contact, Company, MergeLog, Alias, Relationship)
ROWS = [
    one.model
    for one in relinkers.relinkers_of(Contact)
    if not one.type_field and one.model not in OWN_WAY and hasattr(one.model, "privacy")
]
PERSON = st.integers(0, 4)
WORDS = st.sampled_from(["", "Leeds", "York", "J.", "Jane"])


class Merging(RuleBasedStateMachine):
    """Five people and three companies. `open` are the merges that are in effect, each with the digests before
    it, or None after something else was written."""

    @initialize()
    def begin(self) -> None:
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.people = [make_contact(f"P{n}", "Doe") for n in range(5)]
        self.companies = [make_company() for _ in range(3)]
        self.user = User.objects.create(name="Somebody")
        self.deal = make_deal(company=self.companies[0])
        self.kind = RelationshipKind.objects.get_or_create(
            key="boss", defaults={"name": "has the boss", "is_hierarchy": True}
        )[0]
        self.open: list[tuple[MergeLog, dict[str, str] | None]] = []

    def teardown(self) -> None:
        if hasattr(self, "savepoint"):
            transaction.set_rollback(True)
            self.savepoint.__exit__(None, None, None)

    def live(self, number: int) -> Contact:
        pk = self.people[number].pk
        alias = Alias.objects.filter(record_type="contact", old_id=pk).first()
        return Contact.objects.get(pk=alias.live_id if alias else pk)

    def wrote(self) -> None:
        """What is written now is not there in the digests that were taken before."""
        self.open = [(log, None) for log, _before in self.open]

    @rule(person=PERSON, model=st.sampled_from(ROWS))
    def hang_a_row_of_any_app(self, person: int, model: Any) -> None:
        try:
            with transaction.atomic():
                contact = self.live(person)
                make_row(model, contact, {Contact: contact})
        except IntegrityError:
            return  # it can only be there once
        self.wrote()

    @rule(person=PERSON, word=WORDS, stage=st.sampled_from(["lead", "customer", "former"]))
    def edit(self, person: int, word: str, stage: str) -> None:
        changes = {"city": word, "first_name": word or "X", "lifecycle_stage": stage, "description": word}
        update_contact(actor=None, contact=self.live(person), changes=changes)
        self.wrote()

    @rule(person=PERSON, number=st.integers(0, 2), company=st.integers(0, 2))
    def reach(self, person: int, number: int, company: int) -> None:
        contact = self.live(person)
        make_point(contact, value=f"shared{number}@example.org")
        set_tags(actor=None, record=contact, names=[f"tag{number}", "all"])
        make_affiliation(contact, self.companies[company], is_primary=number != 1)
        Contact.objects.filter(pk=contact.pk).update(custom={f"k{number}": company, "k": number})
        self.wrote()

    @rule(person=PERSON, other=PERSON, state=st.sampled_from(["granted", "withdrawn", "pending"]))
    def relate(self, person: int, other: int, state: str) -> None:
        contact = self.live(person)
        record_consent(actor=None, contact=contact, state=state, source="test")
        make_activity(contact=contact)
        make_entry(contact)
        DealContact.objects.get_or_create(deal=self.deal, contact=contact)
        Favourite.objects.get_or_create(user=self.user, record_type="contact", object_id=contact.pk)
        stands = {"contact": self.live(min(person, other)), "other": self.live(max(person, other))}
        if stands["contact"] != stands["other"]:
            Relationship.objects.get_or_create(kind=self.kind, contact=stands["contact"], defaults=stands)
        self.wrote()

    @rule(chosen=st.sets(PERSON, min_size=2, max_size=4))
    def merge(self, chosen: set[int]) -> None:
        ids = list(dict.fromkeys(self.live(number).pk for number in sorted(chosen)))
        if len(ids) > 1:
            before = digests()
            self.open.append((merge_records(actor=None, record_type="contact", ids=ids), before))

    @precondition(lambda self: self.open)
    @rule()
    def undo_the_last(self) -> None:
        log, before = self.open.pop()
        outcome = unmerge(actor=None, log=log)
        if before is not None:
            assert differences(before, digests()) == {}
            assert outcome.kept == []

    @invariant()
    def nothing_points_at_an_old_id(self) -> None:
        if not hasattr(self, "people"):
            return
        old = list(Alias.objects.values_list("old_id", flat=True))
        assert not set(Alias.objects.values_list("live_id", flat=True)) & set(old)
        assert Contact.objects.filter(pk__in=old).count() == 0
        assert Contact.objects.count() + len(old) >= len(self.people)
        for one in relinkers.relinkers_of(Contact) if old else ():
            sql = f'SELECT count(*) FROM "{one.model._meta.db_table}" WHERE "{one.column}" = ANY(%s)'
            kind = f" AND \"{one.type_column}\" = 'contact'" if one.type_field else ""
            with connection.cursor() as cursor:
                cursor.execute(sql + kind, [old])
                assert cursor.fetchone() == (0,), one.model._meta.label


def test_merging_and_undoing_anything_brings_back_the_same_digest() -> None:
    run_state_machine_as_test(
        Merging,
        settings=settings(
            max_examples=12,
            stateful_step_count=12,
            deadline=None,
            derandomize=True,
            phases=[Phase.generate],  # shrinking takes minutes; the steps are printed as they were
            suppress_health_check=list(HealthCheck),
        ),
    )
