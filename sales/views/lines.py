"""The lines of a deal, edited together."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _t

from core.enums import Action
from core.services.base import StaleRecord
from core.ui.access import RecordTypeView
from core.ui.toasts import done
from core.ui.undo import undo_url
from sales.forms.lines import LineFormSet
from sales.models import Deal
from sales.services.deal_lines import LineInput, set_deal_lines


class DealLines(RecordTypeView):
    """GET shows the lines as rows of a form; POST saves all of them or says which line is wrong (422), or
    that somebody else was faster (409), with everything typed still there."""

    record_type = "deal"
    required_action = Action.CHANGE

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        deal = self.find(pk, Action.CHANGE)
        rows = deal.lines.order_by("position", "pk")
        initial = list(rows.values("product", "description", "quantity", "unit_price", "discount_percent"))
        return self.answer(deal, LineFormSet(initial=initial, form_kwargs={"user": request.user}))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        deal = self.find(pk, Action.CHANGE)
        formset = LineFormSet(request.POST, form_kwargs={"user": request.user})
        if not formset.is_valid():
            return self.answer(deal, formset, 422)
        lines = [LineInput(**values) for values in formset.lines()]  # type: ignore[attr-defined]
        version = request.POST.get("version", "")
        try:
            set_deal_lines(
                actor=request.user,
                deal=deal,
                lines=lines,
                expected_version=int(version) if version.isascii() and version.isdigit() else None,
            )
        except ValidationError as error:
            return self.answer(deal, formset, 422, errors=error.messages)
        except StaleRecord as stale:
            return self.answer(deal, formset, 409, errors=[str(stale)])
        url = reverse("sales:deal_detail", args=[pk])
        return done(request, url, _t("Lines saved"), undo_url=undo_url(request))

    def answer(
        self, deal: Deal, formset: Any, status: int = 200, errors: list[str] | None = None
    ) -> HttpResponse:
        context = {
            "title": _t("Lines of %(name)s") % {"name": deal},
            "deal": deal,
            "formset": formset,
            "errors": errors or [],
            "back_url": reverse("sales:deal_detail", args=[deal.pk]),
            "back_label": str(deal),
        }
        return render(self.request, "sales/deal_lines.html", context, status=status)
