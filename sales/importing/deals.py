"""The target «deals»."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.importing.activities import first_of
from contacts.importing.activity_traces import forget_timeline
from contacts.importing.companies import COMPANIES, owner_field
from contacts.importing.company_of_person import COMPANY_BY_ID
from core.importing.problems import Problem
from core.importing.records import RecordTarget
from core.importing.references import ChoiceResolver, RecordResolver
from core.importing.rows import ImportContext, Row
from core.importing.style import BadValue
from core.importing.targets import Applied, ImportField
from core.importing.values import cents
from core.importing.words import squeezed
from core.money import base_currency, rate_on, round_money
from core.text import sort_key
from sales.enums import DealStatus, LostReason
from sales.importing.deal_traces import mark_winners, tell, write_lines, write_steps
from sales.models import Deal, Product, Stage
from sales.services.pipelines import default_pipeline

PRODUCTS = RecordResolver(
    Product, name_field="sort_name", sorted_names=True, id_fields=("sku", "external_id")
)


def _stages() -> list[tuple[int, str]]:
    pipeline = default_pipeline()
    return list(pipeline.stages.order_by("position").values_list("pk", "name")) if pipeline else []


class StageResolver(ChoiceResolver):
    """Stages by their names; “closed won”, “won” and the like, as other programs say, are the first stage with
    that outcome."""

    def find(self, texts: Iterable[str], user: Any, namespace: str = "") -> dict[str, Any]:
        wanted = list(texts)
        found = super().find(wanted, user)
        rest = {
            text: OUTCOMES[squeezed(text)]
            for text in wanted
            if text not in found and squeezed(text) in OUTCOMES
        }
        pipeline = default_pipeline() if rest else None
        if pipeline is not None:
            first: dict[str, int] = {}
            for pk, outcome in pipeline.stages.order_by("position").values_list("pk", "outcome"):
                first.setdefault(outcome, pk)
            found.update((text, first[outcome]) for text, outcome in rest.items() if outcome in first)
        return found


OUTCOMES = {
    **dict.fromkeys(("closedwon", "won", "gewonnen", "gagné"), DealStatus.WON.value),
    **dict.fromkeys(("closedlost", "lost", "verloren", "perdu"), DealStatus.LOST.value),
    **dict.fromkeys(("open", "prospecting", "qualification"), DealStatus.OPEN.value),
}


def clean_amount(value: Decimal) -> Decimal:
    if value < 0:
        raise BadValue(_("an amount is not negative."))
    return cents(value)


def _subject() -> tuple[ImportField, ...]:
    """What the deal is about, and with whom."""
    return (
        ImportField(
            "external_id", gettext_lazy("External id"), max_length=120, identifies=True, of_program=True,
            synonyms=("opportunity id", "deal id", "id", "opportunity number"),
        ),
        ImportField(
            "name", gettext_lazy("Name"), max_length=200, identifies=True,
            synonyms=("deal", "deal name", "opportunity", "opportunity name"),
        ),
        ImportField(
            "company", gettext_lazy("Company"), "reference", resolver=COMPANIES, keep_word=True,
            synonyms=("account", "customer", "organisation", "account name", "company name"),
        ),
        ImportField(
            "company_external_id", gettext_lazy("External id of the company"), "reference",
            resolver=COMPANY_BY_ID, keep_word=True, field="company",
            synonyms=("account id", "company id", "organization id", "associated company ids"),
        ),
        ImportField(
            "product", gettext_lazy("Product"), "reference", resolver=PRODUCTS, keep_word=True,
            synonyms=("item", "product name"), field="lines",
        ),
    )  # fmt: skip


def _course() -> tuple[ImportField, ...]:
    """How far it is, when it ends and what for."""
    return (
        ImportField(
            "stage", gettext_lazy("Stage"), "reference", required=True, resolver=StageResolver(_stages),
            synonyms=("deal stage", "opportunity stage", "status", "sales stage"),
        ),
        ImportField(
            "amount", gettext_lazy("Amount"), "money", clean=clean_amount,
            synonyms=("close value", "value", "deal value", "revenue", "deal amount"),
        ),
        ImportField(
            "opened_at", gettext_lazy("Opened"), "moment",
            synonyms=("engage date", "open date", "start date", "opened", "created", "create date"),
        ),
        ImportField(
            "closed_at", gettext_lazy("Closed"), "moment",
            synonyms=("close date", "closed", "end date", "won date"),
        ),
        ImportField(
            "expected_close", gettext_lazy("Expected close"), "date",
            synonyms=("expected close date", "forecast date", "expected closing"),
        ),
        ImportField(
            "lost_reason", gettext_lazy("Lost because of"), "reference",
            resolver=ChoiceResolver(lambda: LostReason.choices), synonyms=("loss reason", "reason"),
        ),
        ImportField("source", gettext_lazy("Source"), max_length=120, synonyms=("lead source", "origin")),
        ImportField(
            "description", gettext_lazy("Description"), max_length=20_000, synonyms=("notes", "comment")
        ),
        owner_field(),
    )  # fmt: skip


class DealTarget(RecordTarget):
    """One line is one deal of the default pipeline, known by its external id or, without one, by its name,
    company, amount and dates."""

    key = "deals"
    label = gettext_lazy("Deals")
    icon = "heart-handshake"
    record_type = "deal"
    model = Deal
    uses_currency = True

    def fields(self) -> Sequence[ImportField]:
        return (*_subject(), *_course())

    def resume(self, context: ImportContext) -> None:
        pipeline = default_pipeline()
        stages = Stage.objects.filter(pipeline=pipeline).order_by("position", "pk")
        context.memory["stages"] = {stage.pk: stage for stage in stages}
        context.memory["base"] = base_currency()
        context.memory["rates"] = {}

    def keys(self, row: Row) -> list[Hashable]:
        values = row.values
        if values.get("external_id"):
            return [("external", values["external_id"])]
        day = values.get("opened_at") or values.get("closed_at")
        return [("like", sort_key(name_of(row), 200), values.get("company"), values.get("amount"), day)]

    def find(self, context: ImportContext, keys: Sequence[Hashable]) -> Mapping[Hashable, int]:
        externals = [key[1] for key in keys if key[0] == "external"]  # type: ignore[index]
        alike = [key for key in keys if key[0] == "like"]  # type: ignore[index]
        found: dict[Hashable, int] = {}
        if externals:
            rows = Deal.objects.exclude(external_id="").filter(external_id__in=externals).order_by("-pk")
            found.update({("external", text): pk for text, pk in rows.values_list("external_id", "pk")})
        if alike:
            rows = Deal.objects.filter(sort_name__in=[key[1] for key in alike]).order_by("-pk")  # type: ignore[index]
            columns = ("pk", "sort_name", "company_id", "amount", "opened_at", "closed_at")
            for pk, name, company, amount, opened, closed in rows.values_list(*columns):
                for day in (opened, closed, None):
                    found["like", name, company, amount, day] = pk
        return found

    def check(self, context: ImportContext, row: Row) -> None:
        if not context.memory.get("stages"):
            self.resume(context)
        first_of(row, ("company_external_id", "company"))
        closed = row.values.get("closed_at")
        if closed is not None and closed > timezone.now() and self._outcome(context, row) != DealStatus.OPEN:
            row.fail(Problem("value", _("the closing date is in the future."), "closed_at"))
            return
        if "amount" in row.values:
            try:
                _rate(context, _rate_day(row.values, {}))
            except ValidationError as error:
                row.fail(Problem("rate", " ".join(error.messages), "amount"))

    def _outcome(self, context: ImportContext, row: Row) -> str:
        stage = context.memory["stages"].get(row.values.get("stage"))
        return str(stage.outcome) if stage else ""

    def columns_of(self, context: ImportContext, row: Row, current: Mapping[str, Any]) -> dict[str, Any]:
        values = row.values
        columns = {name: values[name] for name in DIRECT if name in values}
        if "company" in values:
            columns["company_id"] = values["company"]
        if "name" in values or not current:
            columns["name"] = name_of(row)
            columns["sort_name"] = sort_key(columns["name"], 200)
        if "stage" in values:
            columns.update(self._stage_columns(context, values, current))
        if "amount" in values or (current and "closed_at" in columns):
            columns.update(self._amount_columns(context, values, current))
        elif not current:
            columns["currency"] = context.currency
        return columns

    def _stage_columns(
        self, context: ImportContext, values: Mapping[str, Any], current: Mapping[str, Any]
    ) -> dict[str, Any]:
        stage: Stage = context.memory["stages"][values["stage"]]
        now = context.memory.setdefault("now", timezone.now())
        opened = values.get("opened_at") or current.get("opened_at") or values.get("closed_at") or now
        columns: dict[str, Any] = {}
        if not current or "opened_at" in values:
            columns["opened_at"] = opened
        closed = None
        if stage.outcome != DealStatus.OPEN:
            closed = values.get("closed_at") or current.get("closed_at") or now
        elif "closed_at" in values:
            columns["expected_close"] = values.get("expected_close") or values["closed_at"].date()
        if current.get("stage_id") == stage.pk and current.get("closed_at") == closed:
            return columns
        return columns | {
            "pipeline_id": stage.pipeline_id,
            "stage_id": stage.pk,
            "status": stage.outcome,
            "probability": stage.probability,
            "closed_at": closed,
            "stage_since": closed or opened,
        }

    def _amount_columns(
        self, context: ImportContext, values: Mapping[str, Any], current: Mapping[str, Any]
    ) -> dict[str, Any]:
        amount = values.get("amount", current.get("amount"))
        day = _rate_day(values, current)
        if current and amount == current["amount"] and context.currency == current["currency"]:
            day = current["rate_date"] if values.get("closed_at") == current["closed_at"] else day
        rate = _rate(context, day)
        return {
            "amount": amount,
            "currency": context.currency,
            "rate_to_base": rate,
            "rate_date": day,
            "base_amount": round_money((amount or Decimal(0)) * rate, context.memory["base"]),
        }

    def after(
        self, context: ImportContext, applied: Applied, before: Mapping[int, Mapping[str, Any]]
    ) -> None:
        steps = write_steps(context, applied, before)
        write_lines(context, applied)
        tell(context, applied, steps)
        mark_winners(context, applied, before)

    def undone(self, deleted: Mapping[str, Sequence[int]]) -> None:
        forget_timeline("deal", deleted.get("sales.Deal", ()))


DIRECT = ("external_id", "opened_at", "expected_close", "lost_reason", "source", "description")


def name_of(row: Row) -> str:
    """The deal's name: its own, or made of company and product as the file writes them."""
    if row.values.get("name"):
        return str(row.values["name"])
    parts = [row.words[key] for key in ("company", "product") if row.words.get(key)]
    return (" – ".join(parts) or str(row.values.get("external_id", "")) or _("Deal"))[:200]


def _rate_day(values: Mapping[str, Any], current: Mapping[str, Any]) -> date:
    closed: datetime | None = values.get("closed_at") or current.get("closed_at")
    now = timezone.now()
    return min(closed, now).astimezone(UTC).date() if closed else now.date()


def _rate(context: ImportContext, day: date) -> Decimal:
    """The rate of the import's currency on a day, looked up once. Raises NoRate."""
    if context.currency == context.memory["base"]:
        return Decimal(1)
    rates: dict[date, Decimal] = context.memory["rates"]
    if day not in rates:
        rates[day] = rate_on(context.currency, day)
    return rates[day]
