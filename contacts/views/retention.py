"""Retention: policies with what they would do now, what they did, and a way to start one."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from contacts.forms.retention import PolicyForm
from contacts.services.retention import remove_policy, save_policy, start_policy
from core.conditions.tree import ConditionError
from core.models import RetentionPolicy
from core.retention.policies import condition_from_list, due_records, policy_sentence
from core.ui.access import SignedInView
from core.ui.form_pages import add_errors
from core.ui.toasts import done

SHOWN = 10


class RetentionView(SignedInView):
    """All policies; POST writes a new one."""

    capability = "erase_people"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.answer(PolicyForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = PolicyForm(request.POST)
        if not form.is_valid():
            return self.answer(form, status=422)
        values = dict(form.cleaned_data)
        try:
            values["condition"] = condition_from_list(values["applies_to"], values.pop("query"), request.user)
            save_policy(actor=request.user, **values)
        except ValidationError as error:
            add_errors(form, error)
            return self.answer(form, status=422)
        return done(request, request.path, _("Saved"))

    def answer(self, form: PolicyForm, status: int = 200) -> HttpResponse:
        policies = RetentionPolicy.objects.order_by("pk").prefetch_related("runs")
        context = {
            "title": _("Retention"),
            "form": form,
            "policies": [shown(policy) for policy in policies],
            "back_url": reverse("contacts:processing"),
            "back_label": _("Record of processing"),
        }
        return render(self.request, "contacts/retention.html", context, status=status)


def shown(policy: RetentionPolicy) -> dict[str, Any]:
    """A policy in words, what it would do now, and its newest reports."""
    try:
        due = due_records(policy)
        count, sample, problem = due.count(), [str(one) for one in due[:SHOWN]], ""
    except ConditionError as error:
        count, sample, problem = 0, [], str(error)
    runs = sorted(policy.runs.all(), key=lambda run: run.at, reverse=True)[:3]
    return {
        "policy": policy,
        "sentence": policy_sentence(policy),
        "count": count,
        "sample": sample,
        "problem": problem,
        "runs": runs,
    }


class RetentionAct(SignedInView):
    """Starts a policy, switches it, or takes it away."""

    capability = "erase_people"
    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        policy = RetentionPolicy.objects.filter(pk=pk).first()
        if policy is None:
            raise Http404
        url, action = reverse("contacts:retention"), request.POST.get("do")
        if action == "run":
            job = start_policy(actor=request.user, policy=policy)
            return done(request, reverse("core:job", args=[job.pk]))
        if action == "remove":
            remove_policy(actor=request.user, policy=policy)
            return done(request, url, _("Removed"))
        save_policy(actor=request.user, policy=policy, is_active=not policy.is_active)
        return done(request, url, _("Saved"))
