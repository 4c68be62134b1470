"""Deals as a list and as a board."""

from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from core.enums import Action
from core.scope.fields import conceal_links
from core.text import sort_key
from core.ui import markup
from core.ui.boards import Ask, BoardColumn, BoardPage, Card, Figure, Layout, Moved
from core.ui.list_query import ListQuery
from core.ui.lists import ListPage
from sales.enums import DealStatus
from sales.models import Deal, Pipeline, Stage
from sales.selectors.boards import StageColumn, board_columns
from sales.selectors.deals import with_close_key
from sales.selectors.pipelines import pipelines_for, stages_of
from sales.selectors.totals import Totals, kept_totals_by_stage, sum_of, totals_of
from sales.services.stages import move_deal

BOARD_ICON = "layout-kanban"
LIST_ICON = "list"
MAP_ICON = "map-pin"
STEP_ICONS = {
    "call": "phone",
    "email": "mail",
    "meeting": "calendar",
    "task": "checkbox",
    "visit": "map-pin",
    "note": "note",
}


class DealList(ListPage):
    """All deals in scope, with the sums of what the filters leave."""

    record_type = "deal"
    default_sort = "-created"
    empty_text = _("No deals yet.")
    layouts = (
        ("sales:deal_board", _("Board"), BOARD_ICON),
        ("sales:deal_list", _("List"), LIST_ICON),
        ("sales:deal_map", _("Map"), MAP_ICON),
    )

    @classmethod
    def rows(cls, user: Any, action: Action = Action.VIEW) -> QuerySet[Any]:
        return with_close_key(Deal.objects.visible_to(user, action))

    @classmethod
    def search(cls, rows: QuerySet[Any], text: str, user: Any) -> QuerySet[Any]:
        return rows.filter(sort_name__contains=sort_key(text))

    def extra_context(self, query: ListQuery) -> dict[str, Any]:
        hidden = "amount" in self.profile.hidden_fields("deal")
        small = query.count[1]  # beyond 10,000 rows the sum would cost more than the page
        totals = totals_of(query.filtered()) if small and not hidden else None
        return {"totals": totals, "summary_template": "sales/_deal_totals.html"}


class DealBoard(BoardPage):
    """One pipeline's stages side by side; the same filters and saved views as the list."""

    record_type = "deal"
    template_name = "sales/deal_board.html"

    def context(self, query: ListQuery) -> dict[str, Any]:
        self.pipelines = pipelines_for(self.request.user)
        return super().context(query)

    def pipeline(self, query: ListQuery) -> Pipeline | None:
        """The one in the URL, else the default."""
        known = getattr(self, "pipelines", None) or pipelines_for(self.request.user)
        self.pipelines = known
        asked = query.params.get("pipeline", "")
        return next((p for p in known if str(p.pk) == asked), known[0] if known else None)

    def columns(self, query: ListQuery) -> Sequence[BoardColumn]:
        pipeline = self.pipeline(query)
        if pipeline is None:
            return []
        rows = query.filtered().filter(pipeline=pipeline)
        kept = None if is_narrowed(query) else kept_totals_by_stage(self.request.user, pipeline.pk)
        stages = board_columns(rows, stages_of(pipeline), totals=kept)
        for stage in stages:
            conceal_links(stage.deals, self.request.user)
        self.stage_totals = [column.totals for column in stages if column.stage.outcome == DealStatus.OPEN]
        hidden = self.profile.hidden_fields("deal")
        may_add = self.profile.allows("deal", "add")
        return [self._column(column, place, query, hidden, may_add) for place, column in enumerate(stages)]

    def _column(
        self, column: StageColumn, place: int, query: ListQuery, hidden: frozenset[str], may_add: bool
    ) -> BoardColumn:
        stage, totals = column.stage, column.totals
        shows_money = "amount" not in hidden
        is_open = stage.outcome == DealStatus.OPEN
        add_url = f"{reverse('sales:deal_create')}?{urlencode({'stage': stage.pk})}"
        url_of = self.type.url_maker()
        return BoardColumn(
            key=str(stage.pk),
            label=stage.name,
            hue={DealStatus.WON: 6, DealStatus.LOST: 2}.get(DealStatus(stage.outcome), place % 8 + 1),
            count=totals.count,
            cards=[card_of(deal, url_of, hidden) for deal in column.deals],
            sum=markup.money_text(totals.amount, totals.currency) if shows_money else "",
            weighted=markup.money_short(totals.weighted, totals.currency) if shows_money and is_open else "",
            more_url=reverse("sales:deal_list") + query.query(stage=stage.pk, pipeline=None),
            add_url=add_url if may_add and is_open else "",
            closes=not is_open,
        )

    def figures(self, query: ListQuery, columns: Sequence[BoardColumn]) -> Sequence[Figure]:
        parts: list[Totals] = getattr(self, "stage_totals", [])
        if not parts:
            return ()
        total = sum_of(parts, parts[0].currency)
        list_url = reverse("sales:deal_list")
        opened = list_url + query.query(status="open")
        found = [Figure(markup.whole_number(total.count), _t("Open deals"), opened)]
        if "amount" not in self.profile.hidden_fields("deal"):
            found = [
                Figure(markup.money_short(total.amount, total.currency), _t("Open pipeline"), opened),
                Figure(
                    markup.money_short(total.weighted, total.currency),
                    _t("Weighted forecast"),
                    opened,
                    on_phone=False,
                ),
                *found,
            ]
        stages = [int(column.key) for column in columns if not column.closes]
        rows = query.filtered().filter(stage__in=stages, status=DealStatus.OPEN, next_step_at__isnull=True)
        missing = Figure(
            markup.whole_number(rows.order_by().count()),
            _t("Without next step"),
            list_url + query.query(no_next_step="1"),
        )
        return [*found, missing]

    def layouts(self, query: ListQuery) -> Sequence[Layout]:
        query_string = query.query()
        return (
            Layout(reverse("sales:deal_board") + query_string, _("Board"), BOARD_ICON, current=True),
            Layout(reverse("sales:deal_list") + query_string, _("List"), LIST_ICON),
            Layout(reverse("sales:deal_map") + query_string, _("Map"), MAP_ICON),
        )

    def column_of(self, record: Any) -> str:
        return str(record.stage_id)

    def move(
        self, *, actor: Any, record: Any, to: str, before_id: int | None, version: int | None
    ) -> Moved | Ask:
        """Winning and losing ask for a reason first. Cards keep the order of their next step."""
        stage = Stage.objects.filter(pk=int(to)).first() if to.isascii() and to.isdigit() else None
        if stage is None:
            raise ValidationError(_t("There is no such stage any more. Reload the page."))
        if stage.outcome != DealStatus.OPEN and record.status == DealStatus.OPEN:
            name = "sales:deal_win" if stage.outcome == DealStatus.WON else "sales:deal_lose"
            return Ask(reverse(name, args=[record.pk]))
        moved = move_deal(actor=actor, deal=record, stage=stage, expected_version=version)
        text = _t("Stage changed to %(stage)s") % {"stage": stage.name}
        if moved.status == DealStatus.OPEN and moved.next_step_at is None:
            text = _t("%(done)s. It has no next step yet.") % {"done": text}
        return Moved(moved, text)

    def extra_context(self, query: ListQuery) -> dict[str, Any]:
        chosen = self.pipeline(query)
        links = [(p.name, query.query(pipeline=p.pk), p == chosen) for p in self.pipelines]
        return {"pipeline": chosen, "pipeline_links": links if len(links) > 1 else []}


def is_narrowed(query: ListQuery) -> bool:
    """Whether the URL asks for less than a pipeline's every deal: then kept sums don't say it."""
    others = [parameter for parameter, _leaf in query.filterset.leaves() if parameter != "pipeline"]
    return bool(query.text or others or query.params.get("where"))


def card_of(deal: Deal, url_of: Callable[[int], str], hidden: frozenset[str] = frozenset()) -> Card:
    """A deal as a card, without what the role hides."""
    is_open = deal.status == DealStatus.OPEN
    return Card(
        id=deal.pk,
        version=deal.version,
        url=url_of(deal.pk),
        title=deal.name,
        subtitle=deal.company.name if deal.company is not None and "company" not in hidden else "",
        amount="" if "amount" in hidden else markup.money_text(deal.amount, deal.currency),
        note=_date_note(deal, hidden),
        next_text=_step_text(deal) if is_open else "",
        next_tone=markup.due_tone(deal.next_step_at) if is_open else "",
        next_icon=STEP_ICONS.get(deal.next_step.kind, "calendar")
        if deal.next_step is not None
        else "calendar",
        owner=deal.owner.name if deal.owner is not None else "",
        rotting=rotting_text(deal),
    )


def rotting_text(deal: Deal) -> str:
    """How long an open deal has been in its stage, if that is longer than the stage allows."""
    limit = deal.stage.rot_days
    if deal.status != DealStatus.OPEN or limit is None:
        return ""
    days = (timezone.now() - deal.stage_since).days
    if days <= limit:
        return ""
    return ngettext("%(n)d day in this stage", "%(n)d days in this stage", days) % {"n": days}


def _date_note(deal: Deal, hidden: frozenset[str]) -> str:
    if deal.closed_at is not None:
        return _t("closed %(day)s") % {"day": markup.day_text(deal.closed_at)}
    if deal.expected_close is None or "expected_close" in hidden:
        return ""
    return _t("closes %(day)s") % {"day": markup.day_text(deal.expected_close)}


def _step_text(deal: Deal) -> str:
    if deal.next_step_at is None:
        return ""
    due = markup.due_text(deal.next_step_at)
    return f"{deal.next_step} · {due}" if deal.next_step is not None else due
