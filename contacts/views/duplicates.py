"""Possible duplicates: side by side with the reasons in words, merged or told apart, and the settings."""

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.enums import PairState
from contacts.forms.duplicates import MatchingForm
from contacts.selectors.duplicates import (
    PAIRS,
    count_from,
    examples_near,
    open_pairs,
    pairs_by_likeness,
    settings_for,
    with_records,
)
from contacts.services.duplicates import TUNE, dismiss_pair, reopen_pair, start_scan, tune_matching
from contacts.views.duplicate_cards import cards
from core.enums import Action
from core.paging import BadCursor, count_of, keyset_page
from core.scope.access import profile_for
from core.ui.access import RecordTypeView, SignedInView, is_fragment, safe_next
from core.ui.toasts import done, toast

PAGE = 20
KINDS = (("contact", gettext_lazy("People")), ("company", gettext_lazy("Companies")))


class DuplicateList(RecordTypeView):
    """The open pairs of one kind of records, the likest first."""

    def get(self, request: HttpRequest) -> HttpResponse:
        rows = open_pairs(request.user, self.record_type)
        try:
            page = keyset_page(
                rows, ("score", "pk"), descending=True, cursor=request.GET.get("cursor", ""),
                backwards="back" in request.GET, size=PAGE,
            )  # fmt: skip
        except BadCursor:
            raise Http404 from None
        count, exact = count_of(rows)
        found = {
            pair.pk: pair for pair in with_records(PAIRS[self.record_type].objects.filter(pk__in=page.ids))
        }
        settings = settings_for(self.record_type)
        context = {
            "title": _("Duplicates"),
            "page_icon": "copy",
            "cards": cards(request.user, self.record_type, [found[pk] for pk in page.ids]),
            "page": page,
            "count": count,
            "count_is_exact": exact,
            "settings": settings,
            "kinds": [
                (label, reverse(f"contacts:{kind}_duplicates"), kind == self.record_type)
                for kind, label in KINDS
                if profile_for(request.user).allows(kind, Action.VIEW)
            ],
            "may_tune": profile_for(request.user).can(TUNE),
            "next": request.get_full_path(),
        }
        return render(request, "contacts/duplicates/list.html", context)


class ContactDuplicates(DuplicateList):
    record_type = "contact"


class CompanyDuplicates(DuplicateList):
    record_type = "company"


class DuplicateDecide(SignedInView):
    """Says of a pair that it is not one record, or takes that back."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest, kind: str, pair_pk: int) -> HttpResponse:
        if kind not in PAIRS:
            raise Http404
        pair = (
            PAIRS[kind].objects.visible_to(request.user).select_related("a", "b").filter(pk=pair_pk).first()
        )
        if pair is None:
            raise Http404
        back = safe_next(request, reverse(f"contacts:{kind}_duplicates"))
        if "reopen" in (request.POST.get("do"), request.GET.get("do")):
            reopen_pair(actor=request.user, pair=pair)
            return done(
                request, back, _("%(a)s and %(b)s are asked about again") % {"a": pair.a, "b": pair.b}
            )
        if pair.state == PairState.OPEN:
            dismiss_pair(actor=request.user, pair=pair)
        text = _("%(a)s and %(b)s are not the same") % {"a": pair.a, "b": pair.b}
        undo = f"{request.path}?do=reopen"
        if is_fragment(request):
            return toast(request, HttpResponse(""), text, undo_url=undo)
        return done(request, back, text, undo_url=undo)


class DuplicateScan(SignedInView):
    """Starts looking through everything; the job's page shows how far it is."""

    capability = TUNE
    http_method_names = ("post",)

    def post(self, request: HttpRequest) -> HttpResponse:
        job = start_scan(actor=request.user, merge_safe="merge_safe" in request.POST)
        if job.owner_id != request.user.pk and not profile_for(request.user).can("see_jobs"):
            return done(request, reverse("contacts:contact_duplicates"), _("A search is under way already"))
        return done(request, reverse("core:job", args=[job.pk]), _("Looking for duplicates"))


class DuplicateSettings(SignedInView):
    """From which likeness on pairs are shown and may be merged by a job, with examples and numbers."""

    capability = TUNE

    def get(self, request: HttpRequest) -> HttpResponse:
        kind = self.kind()
        settings = settings_for(kind)
        bound = MatchingForm(request.GET, instance=settings) if "review" in request.GET else None
        form = bound if bound is not None and bound.is_valid() else MatchingForm(instance=settings)
        return self.answer(kind, form, 200)

    def post(self, request: HttpRequest) -> HttpResponse:
        kind = self.kind()
        form = MatchingForm(request.POST, instance=settings_for(kind))
        if not form.is_valid():
            return self.answer(kind, form, 422)
        try:
            tune_matching(actor=request.user, kind=kind, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
            return self.answer(kind, form, 422)
        return done(request, f"{request.path}?kind={kind}", _("Settings saved"))

    def kind(self) -> str:
        kind = self.request.GET.get("kind", "contact")
        if kind not in PAIRS:
            raise Http404
        return kind

    def answer(self, kind: str, form: MatchingForm, status: int) -> HttpResponse:
        user = self.request.user
        review, safe = form.likeness("review"), form.likeness("safe")
        steps = pairs_by_likeness(user, kind)
        most = max((number for _percent, number in steps), default=0) or 1
        context = {
            "title": _("Duplicate settings"),
            "back_url": reverse(f"contacts:{kind}_duplicates"),
            "back_label": _("Duplicates"),
            "form": form,
            "kind": kind,
            "kinds": [(label, f"{self.request.path}?kind={key}", key == kind) for key, label in KINDS],
            "steps": [
                (percent, number, max(round(number / most * 20), 1 if number else 0))
                for percent, number in steps
            ],
            "shown": count_from(user, kind, review),
            "merged": count_from(user, kind, safe),
            "examples": [
                (_("Around “show from”"), cards(user, kind, examples_near(user, kind, review))),
                (_("Around “safe from”"), cards(user, kind, examples_near(user, kind, safe))),
            ],
        }
        return render(self.request, "contacts/duplicates/settings.html", context, status=status)
