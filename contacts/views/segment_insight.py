"""What can be asked about a segment: why somebody is in it, who came and went, how it overlaps with others."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from contacts.models import Contact, Segment
from contacts.segmentation.members import kept_row
from contacts.segmentation.why import why
from contacts.selectors.groups import preview_of_segment
from contacts.selectors.search import search_contacts
from contacts.selectors.segment_history import SHOWN, history_of, passages, passages_by_day
from contacts.selectors.segment_overlap import MOST, Overlap, overlap_of
from contacts.services.segments import add_members, snapshot_segment
from core.conditions.tree import ConditionError
from core.enums import Action
from core.services.jobs import enqueue_job
from core.ui.access import RecordTypeView
from core.ui.charts import Region, Series, bar_chart, overlap_chart
from core.ui.markup import percent, whole_number
from core.ui.toasts import done, refused
from core.ui.undo import undo_url

LETTERS = "ABCDE"
LARGE = 20_000
"""People of whom a snapshot is a job."""


class SegmentInsight(RecordTypeView):
    """A page about one segment."""

    record_type = "segment"
    http_method_names = ("get",)
    template_name = ""
    heading = ""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        segment: Segment = self.find(pk)
        context: dict[str, Any] = {
            "title": self.title(segment),
            "segment": segment,
            "back_url": reverse("contacts:segment_detail", args=[pk]),
            "back_label": str(segment),
        }
        try:
            context.update(self.insight(segment))
        except ConditionError as error:
            context["problem"] = str(error)
        return render(request, self.template_name, context)

    def title(self, segment: Segment) -> str:
        return segment.name

    def insight(self, segment: Segment) -> dict[str, Any]:
        return {}


class WhyView(SegmentInsight):
    """Why one person is in the segment or not, condition by condition."""

    template_name = "contacts/segments/why.html"

    def title(self, segment: Segment) -> str:
        return _("Why in or out of %(name)s?") % {"name": segment}

    def insight(self, segment: Segment) -> dict[str, Any]:
        user, text = self.request.user, self.request.GET.get("q", "").strip()[:100]
        number = self.request.GET.get("contact", "")
        if not number:
            hits = list(search_contacts(user, text, 10)) if text else []
            if len(hits) != 1:
                return {"query": text, "hits": hits}
            number = str(hits[0].object_id)
        if not number.isascii() or not number.isdigit() or len(number) > 18:
            raise Http404
        contact = Contact.objects.visible_to(user).filter(pk=number).first()
        if contact is None:
            raise Http404
        return {
            "query": text,
            "contact": contact,
            "reason": why(segment, contact, user),
            "events": history_of(segment, contact, user),
        }


class HistoryView(SegmentInsight):
    """Who entered and left lately."""

    template_name = "contacts/segments/history.html"

    def title(self, segment: Segment) -> str:
        return _("Who entered and left %(name)s") % {"name": segment}

    def insight(self, segment: Segment) -> dict[str, Any]:
        user = self.request.user
        return {
            "chart": passages_chart(segment, user),
            "passages": list(passages(segment, user).select_related("contact")[:SHOWN]),
            "is_known": kept_row(segment, user) is not None,
        }


class OverlapView(SegmentInsight):
    """How the segment overlaps with others."""

    template_name = "contacts/segments/overlap.html"

    def title(self, segment: Segment) -> str:
        return _("Overlap of %(name)s") % {"name": segment}

    def insight(self, segment: Segment) -> dict[str, Any]:
        user = self.request.user
        wanted = {
            int(n) for n in self.request.GET.getlist("with") if n.isascii() and n.isdigit() and len(n) < 18
        }
        others = list(Segment.objects.visible_to(user).exclude(pk=segment.pk).order_by("name", "pk")[:200])
        chosen = [one for one in others if one.pk in wanted][: MOST - 1]
        context: dict[str, Any] = {"others": others, "chosen": {one.pk for one in chosen}, "most": MOST - 1}
        if chosen:
            overlap = overlap_of([segment, *chosen], user)
            context.update(
                overlap=overlap,
                chart=overlap_picture(overlap),
                legend=legend_of(overlap),
                pairs=pairs_table(overlap),
                regions=regions_table(overlap),
            )
        return context


class SnapshotView(RecordTypeView):
    """Keeps who is in the segment now as a fixed one."""

    record_type = "segment"
    required_action = Action.ADD
    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        segment: Segment = self.find(pk)
        here = reverse("contacts:segment_detail", args=[pk])
        try:
            if preview_of_segment(segment, request.user).count > LARGE:
                enqueue_job(
                    actor=request.user,
                    kind="contacts.snapshot_segment",
                    params={"segment": segment.pk, "name": segment.name},
                )
                return done(request, here, _("The snapshot is being made"))
            made = snapshot_segment(actor=request.user, segment=segment)
        except ConditionError as error:
            return refused(request, here, str(error))
        url = reverse("contacts:segment_detail", args=[made.pk])
        return done(request, url, _("Snapshot made"), undo_url=undo_url(request))


class MemberAddView(RecordTypeView):
    """Puts a person into a fixed segment."""

    record_type = "segment"
    required_action = Action.CHANGE
    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        segment: Segment = self.find(pk, Action.CHANGE)
        ids = [int(n) for n in request.POST.getlist("contact") if n.isascii() and n.isdigit() and len(n) < 18]
        here = reverse("contacts:segment_detail", args=[pk])
        try:
            new = add_members(actor=request.user, segment=segment, contact_ids=ids)
        except ValidationError as error:
            return refused(request, here, " ".join(error.messages))
        text = ngettext("%(count)d person added", "%(count)d people added", new) % {"count": new}
        return done(request, here, text, undo_url=undo_url(request) if new else "")


def passages_chart(segment: Segment, user: Any) -> Any:
    """Entries and exits of the last thirty days; None without any."""
    days = passages_by_day(segment, user)
    if not any(came or went for _day, came, went in days):
        return None
    return bar_chart(
        _("Entered and left by day"),
        [formats.date_format(day, "j.n.") for day, _came, _went in days],
        [
            Series(_("Entered"), [came for _day, came, _went in days], "series-1"),
            Series(_("Left"), [went for _day, _came, went in days], "rest"),
        ],
        narrow_last=10,
    )


def overlap_picture(overlap: Overlap) -> Any:
    """How many people are in exactly which of the segments, named by their letters in the legend."""
    regions = [Region(pattern, count, overlap.people(pattern).url()) for pattern, count in overlap.exact]
    return overlap_chart(
        _("People by exactly which of the segments they are in"),
        LETTERS[: len(overlap.segments)],
        regions,
        show=lambda people: whole_number(int(people)),
    )


def legend_of(overlap: Overlap) -> list[tuple[str, Segment, int]]:
    """(letter, segment, people) in the order of the letters."""
    return [(LETTERS[at], one, overlap.size(at)) for at, one in enumerate(overlap.segments)]


def regions_table(overlap: Overlap) -> list[tuple[str, int, str]]:
    """(names of the segments, people, link) for those who are in exactly these."""
    return [
        (" + ".join(overlap.names(pattern)), count, overlap.people(pattern).url())
        for pattern, count in overlap.exact
    ]


def pairs_table(overlap: Overlap) -> list[tuple[str, str, int, str, str]]:
    return [
        (one.name, other.name, both, percent(share), overlap.people_in_both(one, other).url())
        for one, other, both, share in overlap.pairs
    ]
