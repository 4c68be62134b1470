"""Pages of lifecycle rules: the list, and the form with the builder of conditions."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.forms.lifecycle import LifecycleRuleForm
from contacts.models import LifecycleRule
from contacts.segmentation.draft import DraftGroup, draft_of
from contacts.services.lifecycle import create_lifecycle_rule, update_lifecycle_rule
from contacts.views.segments import SegmentFormMixin
from core.conditions.tree import EVERYTHING, ConditionError, parse
from core.conditions.words import sentence
from core.ui.access import RecordTypeView
from core.ui.form_pages import CreatePage, EditPage
from core.ui.forms import RecordForm


class LifecycleRuleList(RecordTypeView):
    """The rules in words, in the order in which they are tried."""

    record_type = "lifecycle_rule"

    def get(self, request: HttpRequest) -> HttpResponse:
        rules = LifecycleRule.objects.visible_to(request.user).order_by("pk")
        context = {
            "title": _("Lifecycle rules"),
            "page_icon": "arrow-right",
            "rules": [(rule, words_of(rule, request.user)) for rule in rules],
            "may_add": self.profile.allows("lifecycle_rule", "add"),
            "may_change": self.profile.allows("lifecycle_rule", "change"),
        }
        return render(request, "contacts/lifecycle_rules.html", context)


def words_of(rule: LifecycleRule, user: Any) -> str:
    """The condition read aloud; an empty one is everybody."""
    try:
        return sentence(parse(rule.rule) if rule.rule else EVERYTHING, "contact", user)
    except ConditionError as error:
        return str(error)


class _RuleForm(SegmentFormMixin):
    record_type = "lifecycle_rule"
    form_class: type[RecordForm] = LifecycleRuleForm

    def success_url(self, record: Any) -> str:
        return reverse("contacts:lifecycle_rule_list")

    def draft_rule(self) -> dict[str, Any]:
        """The condition; one row left empty means everybody."""
        rule = self.rule("dynamic")
        parsed = parse(rule)
        return {} if parsed == EVERYTHING else rule


class LifecycleRuleCreate(_RuleForm, CreatePage):
    title = gettext_lazy("New lifecycle rule")
    submit_label = gettext_lazy("Create rule")

    def save(self, form: RecordForm) -> LifecycleRule:
        return create_lifecycle_rule(actor=self.request.user, rule=self.draft_rule(), **form.values)


class LifecycleRuleEdit(_RuleForm, EditPage):
    title = gettext_lazy("Edit lifecycle rule")

    def saved_draft(self) -> DraftGroup:
        rule: LifecycleRule = self.fresh()
        return draft_of(parse(rule.rule)) if rule.rule else super().saved_draft()

    def save(self, form: RecordForm) -> LifecycleRule:
        return update_lifecycle_rule(
            actor=self.request.user,
            rule=self.fresh(),
            changes={**form.changes, "rule": self.draft_rule()},
            expected_version=form.expected_version,
        )
