"""Ids that stand in text and JSON: every stored place that may name a record follows its merge, and its undoing."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db.models import JSONField, Model
from django.http import QueryDict

from contacts.models import Contact, KeptSegment, Segment
from contacts.segmentation.bits import in_slot
from contacts.segmentation.upkeep import keep_up
from contacts.services.merging import merge_records, unmerge
from contacts.tests.factories import make_company, make_contact
from core.conditions import criteria as kept_criteria
from core.conditions.compile import compile_tree
from core.conditions.criteria import Criterion, Kind, criteria_for
from core.conditions.filters import filterset_for
from core.conditions.tree import Leaf, Node, parse
from core.conditions.words import sentence
from core.custom_fields.cache import definitions_for
from core.models import CustomField
from core.registries import aliases, records
from core.services.custom_fields import create_custom_field
from core.tests.factories import make_user

pytestmark = pytest.mark.django_db

WITHOUT_IDS = {
    # no ids of records that may be merged, or facts of a moment that stay as they were
    "core.Change.before", "core.OutboxEvent.payload", "core.Job.params", "core.Job.checkpoint", "core.Job.result",
    "core.ImportBatch.mapping", "core.ImportBatch.options", "core.ImportBatch.counts", "core.ImportRow.problems",
    "core.ImportRow.values", "core.ImportMapping.mapping", "core.CustomField.options", "core.User.preferences",
    "core.ExportEntry.columns",
    "contacts.MergeStep.before", "contacts.MergeStep.after", "contacts.MergeLog.choices", "contacts.MergeLog.marks",
    "contacts.MergeLog.kept", "contacts.ContactDuplicate.levels", "contacts.CompanyDuplicate.levels",
    "contacts.MatchingSettings.population", "analytics.ModelRun.back_test", "analytics.ModelRun.parameters",
    "contacts.CustomerMetric.reasons", "contacts.Erasure.outcome", "contacts.OptIn.purposes",
    "contacts.PrivacyRequest.changes", "contacts.StandardisingRun.rules", "contacts.TimelineEntry.data",
    "core.ApiToken.scopes", "core.IdempotencyKey.body", "core.IdempotencyKey.headers", "marketing.Recipient.values",
    "marketing.Variant.targets", "sales.Deal.utm", "service.SlaPolicy.first_response_minutes",
    "service.SlaPolicy.resolution_minutes", "service.SlaPolicy.week", "service.SlaPolicy.holidays",
}  # fmt: skip
"""JSON columns in which no live id of a person or company is looked up."""
FOLLOWED = {
    # conditions, read through the compiler, which resolves old ids
    "contacts.Segment.rule", "contacts.LifecycleRule.rule", "core.RetentionPolicy.condition",
    # rewritten by the merge
    "core.CustomField.default", "core.CustomField.visible_when", "core.CustomField.required_when",
    "core.CustomField.options_when",
}  # fmt: skip


def ref_leaves(value: Any) -> Iterator[tuple[str, Criterion, Node]]:
    """(record type, criterion, condition) for everything by which a person or a company can be named."""
    for record_type in sorted(kept_criteria._criteria):
        for one in criteria_for(record_type).values():
            if one.kind == Kind.REF and one.ref_type in aliases.mergeable_types():
                for op in set(one.ops) & {"in", "not_in"}:
                    yield record_type, one, Leaf(one.key, op, [value])
            for inner in one.figure.collection.narrow if one.figure else ():
                if inner.kind == Kind.REF and inner.ref_type in aliases.mergeable_types():
                    where = Leaf(inner.key, "in", [value])
                    yield record_type, inner, Leaf(one.key, "gte", 1, where=where)


def compiled(record_type: str, node: Node) -> str:
    condition = compile_tree(node, record_type, None)
    if not records.known(record_type):
        return str(condition)
    return str(records.get(record_type).model._base_manager.filter(condition).values("pk").query)


def test_every_condition_that_names_a_record_means_the_one_that_goes_on() -> None:
    pairs = {
        "contact": [make_contact().pk, make_contact().pk],
        "company": [make_company().pk, make_company().pk],
    }
    logs = [merge_records(actor=None, record_type=kind, ids=ids) for kind, ids in pairs.items()]
    seen = 0
    for (record_type, one, old), (_type, _one, live) in zip(
        ref_leaves("old"), ref_leaves("live"), strict=True
    ):
        stays, gone = pairs[one.ref_type]
        named = [_with(old, gone), _with(live, stays)]
        assert compiled(record_type, named[0]) == compiled(record_type, named[1]), (record_type, one.key)
        seen += 1
    assert seen > 20
    for log in logs:
        unmerge(actor=None, log=log)
    for record_type, one, old in ref_leaves("old"):
        stays, gone = pairs[one.ref_type]
        assert compiled(record_type, _with(old, gone)) != compiled(record_type, _with(old, stays))


def _with(node: Any, pk: int) -> Leaf:
    """The condition about `pk`."""
    if node.where is not None:
        return Leaf(node.field, node.op, node.value, None, _with(node.where, pk))
    return Leaf(node.field, node.op, [pk])


def test_a_saved_view_shows_the_rows_of_the_one_that_goes_on_and_says_its_name() -> None:
    user = make_user("admin", is_superuser=True)
    stays, gone = make_company("Stays"), make_company("Gone")
    contact = make_contact(company=stays)
    log = merge_records(actor=None, record_type="company", ids=[stays.pk, gone.pk])

    def shown() -> tuple[list[Any], list[str]]:
        query = QueryDict(f"company={gone.pk}")
        filters = filterset_for("contact")(query, Contact.objects.all(), user=user)
        return list(filters.qs), [chip.value for chip in filters.chips()]

    assert shown() == ([contact], ["Stays"])
    unmerge(actor=None, log=log)
    assert shown() == ([], ["Gone"])


def test_a_segment_takes_in_the_people_of_the_company_that_goes_on_and_gives_them_back() -> None:
    stays, gone = make_company("Stays"), make_company("Gone")
    here, there = make_contact(company=stays), make_contact(company=gone)
    rule = {"field": "company", "op": "in", "value": [gone.pk]}
    segment = Segment.objects.create(name="People of Gone", kind="dynamic", rule=rule)
    keep_up()
    assert members() == {there.pk}
    log = merge_records(actor=None, record_type="company", ids=[stays.pk, gone.pk])
    keep_up()
    assert members() == {here.pk, there.pk}
    user = make_user("admin", is_superuser=True)
    assert sentence(parse(segment.rule), "contact", user) == "Company is any of Stays"
    unmerge(actor=None, log=log)
    keep_up()
    assert members() == {there.pk}


def members() -> set[int]:
    return set(in_slot(KeptSegment.objects.get().slot).values_list("contact_id", flat=True))


def test_custom_links_follow_and_come_back() -> None:
    stays, gone = make_company("Stays"), make_company("Gone")
    create_custom_field(
        actor=None, record_type="contact", label="Agency", kind="link", ref_type="company", key="agency"
    )
    CustomField.objects.filter(key="agency").update(default=gone.pk)
    shown = {"all": [{"field": "cf_agency", "op": "in", "value": [gone.pk, stays.pk]}]}
    create_custom_field(actor=None, record_type="contact", label="Why", kind="text", key="why")
    CustomField.objects.filter(key="why").update(visible_when=shown)
    contact = make_contact()
    Contact.objects.filter(pk=contact.pk).update(custom={"agency": gone.pk, "why": "cheap"})

    def told() -> tuple[Any, ...]:
        contact.refresh_from_db()
        known = definitions_for("contact")
        rule = known["why"].visible_when
        assert rule is not None
        return contact.custom, known["agency"].default, rule.to_json()

    before = told()
    log = merge_records(actor=None, record_type="company", ids=[stays.pk, gone.pk])
    assert told() == (
        {"agency": stays.pk, "why": "cheap"},
        stays.pk,
        {"all": [{"field": "cf_agency", "op": "in", "value": [stays.pk]}]},
    )
    Contact.objects.filter(pk=contact.pk).update(custom={"agency": stays.pk, "why": "near"})
    unmerge(actor=None, log=log)
    assert told() == ({"agency": gone.pk, "why": "near"}, *before[1:])


def test_every_json_column_is_known() -> None:
    """A new one has to say whether a merge has to follow in it."""
    ours = ("core", "contacts", "sales", "service", "marketing", "analytics")
    columns = {
        f"{model._meta.label}.{one.name}"
        for model in apps.get_models()
        if model._meta.app_label in ours
        for one in model._meta.concrete_fields
        if isinstance(one, JSONField) and one.name != "custom"
    }
    assert columns - WITHOUT_IDS - FOLLOWED == set()
    assert {name for name in (*WITHOUT_IDS, *FOLLOWED) if name not in columns} == set()


def test_every_model_with_custom_values_is_reached() -> None:
    """What holds custom values is a host of custom fields, whose links a merge follows."""
    from core.registries import custom_fields as hosts

    reached: set[type[Model]] = {host.model for host in hosts.all_hosts()}
    held = {
        model
        for model in apps.get_models()
        if any(one.name == "custom" and isinstance(one, JSONField) for one in model._meta.concrete_fields)
    }
    assert held == reached
    assert all(records.known(host.record_type) for host in hosts.all_hosts())
