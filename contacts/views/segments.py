"""Pages of segments: the list, building a rule with its people shown meanwhile, and who is in one."""

import json
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.enums import SegmentKind
from contacts.forms.segments import SegmentForm
from contacts.models import Contact, KeptSegment, Segment
from contacts.segmentation.draft import DraftGroup, DraftRow, change, draft_of, read_draft
from contacts.segmentation.rows import show, tidy
from contacts.selectors.groups import Preview, preview_of, preview_of_segment
from contacts.services.segments import create_segment, remove_members, update_segment
from core.conditions.tree import EVERYTHING, ConditionError, parse
from core.enums import Action
from core.scope.access import profile_for
from core.ui.access import RecordTypeView
from core.ui.form_pages import CreatePage, EditPage
from core.ui.forms import RecordForm
from core.ui.lists import ListPage
from core.ui.records import Field, FieldGroup, RecordPage
from core.ui.toasts import done
from core.ui.undo import undo_url


class SegmentList(ListPage):
    record_type = "segment"
    default_sort = "name"
    empty_text = gettext_lazy("No segments yet. A segment is a group of people by rule or by hand.")


class SegmentPage(RecordPage):
    """A segment with its rule in words, how many it holds for the viewer, and the first of them."""

    record_type = "segment"
    template_name = "contacts/segments/detail.html"
    edit_url_name = "contacts:segment_update"
    groups = (
        FieldGroup(
            gettext_lazy("About"),
            ("kind", "description", "owner", Field("created_at", gettext_lazy("Created"), editable=False)),
        ),
    )

    def get_queryset(self) -> QuerySet[Segment]:
        rows: QuerySet[Segment] = super().get_queryset()
        return rows.select_related("owner")

    def extra_context(self, record: Segment) -> dict[str, Any]:
        preview, problem = None, ""
        try:
            preview = preview_of_segment(record, self.request.user)
        except ConditionError as error:
            problem = str(error)
        where = json.dumps({"field": "segment", "op": "in", "value": [record.pk]})
        is_static = record.kind == SegmentKind.STATIC
        return {
            "upkeep": upkeep_of(record),
            "may_add": profile_for(self.request.user).allows("segment", "add"),
            "options_url": reverse("core:options", args=["contact"]) if is_static else "",
            "preview": preview,
            "problem": problem,
            "is_static": is_static,
            "people_url": f"{reverse('contacts:contact_list')}?segment={record.pk}",
            "where": where,
        }


@dataclass(frozen=True)
class Upkeep:
    """How a segment is kept: `percent` while it is being filled, `problem` where it can't be."""

    percent: int | None
    problem: str


def upkeep_of(segment: Segment) -> Upkeep | None:
    row = KeptSegment.objects.filter(segment=segment).first()
    if row is None:
        return Upkeep(0, "") if segment.kind == SegmentKind.DYNAMIC else None
    if row.problem or row.filled_to is None:
        return Upkeep(None, row.problem)
    last = Contact.all_objects.order_by("-pk").values_list("pk", flat=True).first() or 1
    return Upkeep(min(99, 100 * row.filled_to // last), "")


class RuleView(RecordTypeView):
    """The builder's fragments: with `do` the builder itself after a button or a changed field, else what the
    rule selects."""

    record_type = "segment"
    http_method_names = ("post",)

    def post(self, request: HttpRequest) -> HttpResponse:
        draft = read_draft(request.POST)
        order = request.POST.get("do", "")
        change(draft, order)
        tidy(draft, request.user)
        context = builder_context(draft, request.user)
        template = "contacts/segments/_builder.html" if order else "contacts/segments/_preview.html"
        return render(request, template, context)


class SegmentFormMixin:
    """What creating and editing share: the builder beside the form."""

    record_type = "segment"
    form_class: type[RecordForm] = SegmentForm
    template_name = "contacts/segments/form.html"
    fragment_template_name = "contacts/segments/_form_dialog.html"
    request: HttpRequest

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.POST.get("do"):  # a button of the builder, without scripts
            return self.answer(self.get_form(request.POST))  # type: ignore[attr-defined, no-any-return]
        return super().post(request, *args, **kwargs)  # type: ignore[misc, no-any-return]

    def draft(self) -> DraftGroup:
        if self.request.method == "POST":
            draft = read_draft(self.request.POST)
            change(draft, self.request.POST.get("do", ""))
            tidy(draft, self.request.user)
            return draft
        return self.saved_draft()

    def saved_draft(self) -> DraftGroup:
        return DraftGroup("all", [DraftRow()])

    def extra_context(self, form: RecordForm) -> dict[str, Any]:
        return builder_context(self.draft(), self.request.user)

    def rule(self, kind: str) -> dict[str, Any]:
        """The rule as it is saved. Raises ValidationError for a condition without a value."""
        if kind == SegmentKind.STATIC:
            return {}
        draft = read_draft(self.request.POST)
        tidy(draft, self.request.user)
        _demand_values(draft)
        return draft.to_node().to_json()


class SegmentCreate(SegmentFormMixin, CreatePage):
    title = gettext_lazy("New segment")
    submit_label = gettext_lazy("Create segment")

    def save(self, form: RecordForm) -> Segment:
        values = form.values
        return create_segment(actor=self.request.user, **{**values, "rule": self.rule(values["kind"])})


class SegmentEdit(SegmentFormMixin, EditPage):
    title = gettext_lazy("Edit segment")

    def saved_draft(self) -> DraftGroup:
        segment = self.fresh()
        return draft_of(parse(segment.rule) if segment.rule else EVERYTHING)

    def save(self, form: RecordForm) -> Segment:
        segment: Segment = self.fresh()
        return update_segment(
            actor=self.request.user,
            segment=segment,
            changes={**form.changes, "rule": self.rule(segment.kind)},
            expected_version=form.expected_version,
        )


class MemberRemoveView(RecordTypeView):
    """Takes one person out of a fixed segment."""

    record_type = "segment"
    required_action = Action.CHANGE
    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int, contact_pk: int) -> HttpResponse:
        segment: Segment = self.find(pk, Action.CHANGE)
        remove_members(actor=request.user, segment=segment, contact_ids=[contact_pk])
        url = reverse("contacts:segment_detail", args=[pk])
        return done(request, url, _("Taken out of the segment"), undo_url=undo_url(request))


def builder_context(draft: DraftGroup, user: Any) -> dict[str, Any]:
    """The builder and what its finished conditions select now."""
    preview: Preview | None = None
    problem = ""
    try:
        preview = preview_of(parse(draft.to_node(complete_only=True).to_json()), user)
    except ConditionError as error:
        problem = str(error)
    return {
        "group": show(draft, user),
        "preview": preview,
        "problem": problem,
        "rule_url": reverse("contacts:segment_rule"),
    }


def _demand_values(group: DraftGroup) -> None:
    for child in group.children:
        if isinstance(child, DraftGroup):
            _demand_values(child)
        elif child.field and not all(row.is_complete for row in (child, *child.narrow)):
            raise ValidationError(_("A condition has no value yet. Fill it in, or take the condition away."))
        elif child.last and not child.last.isdigit():
            raise ValidationError(_("“In the last … days” takes a whole number."))
