"""The data quality page, its targets, and the button that counts anew."""

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.selectors.quality import EVERYTHING, MeasureLine, Part, QualityPage, quality_of
from contacts.services.quality import set_target, start_measuring
from core.conditions.rows_links import RowsLink
from core.enums import Action
from core.registries import quality, records
from core.registries.quality import Dimension
from core.ui.access import SignedInView
from core.ui.charts import meter, sparkline
from core.ui.markup import percent
from core.ui.toasts import done

LABELS = {
    Dimension.COMPLETENESS: gettext_lazy("Completeness"),
    Dimension.VALIDITY: gettext_lazy("Validity"),
    Dimension.STALENESS: gettext_lazy("Freshness"),
    Dimension.DUPLICATES: gettext_lazy("Uniqueness"),
}


class QualityRelated(SignedInView):
    """Pages about data quality: 403 without the capability."""

    def require(self, action: Action) -> None:
        if not self.profile.allows("quality", action):
            raise PermissionDenied(_("Your role does not allow this."))

    def record_type(self) -> str:
        """The type that the URL asks for, among those that the viewer may see."""
        offered = [key for key in quality.record_types() if self.profile.allows(key, Action.VIEW)]
        if not offered:
            raise PermissionDenied(_("Your role does not allow this."))
        wanted = self.request.GET.get("type", "")
        return wanted if wanted in offered else offered[0]


class QualityView(QualityRelated):
    """`?type=contact|company`; POST counts anew."""

    def get(self, request: HttpRequest) -> HttpResponse:
        self.require(Action.VIEW)
        page = quality_of(request.user, self.record_type(), self.part())
        if page.day is not None and page.part != EVERYTHING and not page.lines:
            raise Http404  # a team or source without figures, or out of sight
        context = {
            "title": _("Data quality"),
            "part": page.name,
            "all_url": _url_of(page.record_type, EVERYTHING),
            "page_icon": "checkup-list",
            "page": page,
            "tabs": self._tabs(page),
            "lines": [_line(line) for line in page.lines],
            "dimensions": [
                (LABELS[Dimension(key)], percent(figure.share), figure.flawed)
                for key, figure in page.dimensions
            ],
            "groups": _groups(page),
            "may_measure": self.profile.allows("quality", Action.ADD),
            "may_set_targets": self.profile.allows("quality", Action.CHANGE),
        }
        return render(request, "contacts/quality/page.html", context)

    def post(self, request: HttpRequest) -> HttpResponse:
        job = start_measuring(actor=request.user)
        mine = job.owner_id == request.user.pk
        return done(request, reverse("core:job", args=[job.pk]) if mine else reverse("contacts:quality"))

    def part(self) -> Part:
        """The team and the source that the URL asks for."""
        try:
            return Part.asked(self.request.GET.dict())
        except ValueError:
            raise Http404 from None

    def _tabs(self, page: QualityPage) -> list[tuple[str, str, bool]]:
        offered = [key for key in quality.record_types() if self.profile.allows(key, Action.VIEW)]
        return [
            (
                str(records.get(key).plural),
                f"{reverse('contacts:quality')}?type={key}",
                key == page.record_type,
            )
            for key in offered
        ]


def _line(line: MeasureLine) -> dict[str, Any]:
    share = line.figure.share
    label = str(line.measure.label)
    sound = _("%(share)s sound") % {"share": percent(share, 1)}
    return {
        "label": label,
        "dimension": LABELS[line.measure.dimension],
        "flawed": line.figure.flawed,
        "url": line.link.url(),
        "share": percent(share, 1),
        "target": line.target,
        "met": line.met,
        "meter": meter(share or 0, f"{label}: {sound}", "ok" if line.met else "warn"),
        "trend": sparkline(
            _("Trend of %(measure)s") % {"measure": label}, [value for _day, value in line.trend]
        ),
        "change": None if line.change is None else f"{line.change:+.1f}",
        "better": (line.change or 0) >= 0,
    }


def _groups(page: QualityPage) -> list[tuple[str, list[str], list[dict[str, Any]]]]:
    """The tables by team and by source: heading, columns, rows. One that was chosen needs no table."""
    heads = [str(LABELS[Dimension(key)]) for key, _figure in page.dimensions]
    found = []
    parts = ((_("By team"), page.teams, page.part.team), (_("By source"), page.sources, page.part.source))
    for title, lines, chosen in parts:
        if chosen is not None:
            continue
        rows = [
            {
                "label": line.label,
                "url": _url_of(page.record_type, line.part) if line.part else "",
                "list_url": RowsLink(page.record_type, line.part.params).url() if line.part else "",
                "records": line.records,
                "flawed": line.flawed,
                "shares": [percent(share) for share in line.shares],
            }
            for line in lines
        ]
        found.append((title, heads, rows))
    return found


def _url_of(record_type: str, part: Part) -> str:
    """The page of a part of the records."""
    chosen = {"team": part.team, "source": part.source}
    params = {"type": record_type, **{name: value for name, value in chosen.items() if value is not None}}
    return f"{reverse('contacts:quality')}?{urlencode(params)}"


class TargetsView(QualityRelated):
    """What is wanted of each measure: one number for each."""

    def get(self, request: HttpRequest) -> HttpResponse:
        self.require(Action.CHANGE)
        return self._answer(self._form(), 200)

    def post(self, request: HttpRequest) -> HttpResponse:
        self.require(Action.CHANGE)
        form = self._form(request.POST)
        if not form.is_valid():
            return self._answer(form, 422)
        for measure in quality.measures_for(self.record_type()):
            set_target(actor=request.user, measure=measure, percent=form.cleaned_data[measure.key])
        return done(request, f"{reverse('contacts:quality')}?type={self.record_type()}", _("Saved."))

    def _form(self, data: Any = None) -> forms.Form:
        page = quality_of(self.request.user, self.record_type())
        known = {line.measure.key: line.target for line in page.lines}
        form = forms.Form(data)
        for measure in quality.measures_for(self.record_type()):
            form.fields[measure.key] = forms.IntegerField(
                label=str(measure.label),
                min_value=0,
                max_value=100,
                initial=known.get(measure.key, measure.target),
                help_text=_("Sound records in percent"),
            )
        form.helper = FormHelper(form)  # type: ignore[attr-defined]
        form.helper.form_tag = False  # type: ignore[attr-defined]
        return form

    def _answer(self, form: forms.Form, status: int) -> HttpResponse:
        context = {
            "title": _("Targets of data quality"),
            "form": form,
            "action": self.request.get_full_path(),
            "draft_key": f"quality-targets-{self.record_type()}",
            "submit_label": _("Save"),
            "back_url": f"{reverse('contacts:quality')}?type={self.record_type()}",
            "back_label": _("Data quality"),
        }
        return render(self.request, "ui/form.html", context, status=status)
