"""A deal's page, and the dialogs that create, change and decide deals."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from contacts.models import Company, Contact
from contacts.selectors.pages import record_context
from core.enums import Action
from core.scope.access import AccessProfile
from core.services.base import StaleRecord
from core.ui import markup
from core.ui.access import RecordTypeView
from core.ui.cells import money
from core.ui.form_pages import CreatePage, EditPage, stale_context
from core.ui.forms import RecordForm
from core.ui.records import Field, FieldGroup, FieldRow, RecordPage
from core.ui.row_conflicts import answer_changed, expected_state
from core.ui.toasts import done, say
from core.ui.undo import undo_url
from sales.enums import DealStatus
from sales.forms.deals import (
    DealContactForm,
    DealCreateForm,
    DealForm,
    LoseForm,
    MoveForm,
    StepForm,
    WinForm,
)
from sales.models import Deal, Order
from sales.registrations.deal_columns import stage_badge
from sales.registrations.links import record_url
from sales.selectors.deals import people_of_deal, stage_history, stage_path
from sales.selectors.pipelines import stages_of
from sales.services.deal_contacts import add_deal_contact, remove_deal_contact
from sales.services.deals import create_deal, update_deal
from sales.services.next_steps import plan_next_step
from sales.services.stages import lose_deal, move_deal, reopen_deal, win_deal
from sales.views.deal_lists import rotting_text


def _amount(deal: Deal) -> Any:
    return money(deal.amount, deal.currency) if deal.amount is not None else None


def _base_amount(deal: Deal) -> Any:
    if deal.amount is None or deal.rate_to_base == 1:
        return None
    return markup.join(
        [money(deal.base_amount), markup.muted(f"@ {deal.rate_to_base.normalize()} · {deal.rate_date}")]
    )


OUTCOME = FieldGroup(_("Outcome"), ("closed_at", "won_reason", "lost_reason", "close_note"))


class DealPage(RecordPage):
    """A deal: the path of its stages, its people, its lines, what comes next and what has been."""

    record_type = "deal"
    template_name = "sales/deal_detail.html"
    edit_url_name = "sales:deal_update"
    groups = (
        FieldGroup(
            _("About"),
            (
                Field("amount", value=_amount),
                Field("base_amount", _("In base currency"), value=_base_amount, editable=False),
                Field("probability", value=lambda deal: f"{deal.probability}%"),
                "expected_close",
                "company",
                "owner",
                "team",
                "source",
                "tags",
                "description",
            ),
        ),
        OUTCOME,
        FieldGroup(
            _("Record"),
            (
                Field("opened_at", editable=False),
                Field("stage_since", editable=False),
                Field("pipeline", editable=False),
                Field("external_id", editable=False),
            ),
            open=False,
        ),
    )

    def get_queryset(self) -> QuerySet[Any]:
        return (
            super()
            .get_queryset()
            .select_related("stage", "pipeline", "company", "contact", "owner", "team", "next_step")
            .prefetch_related("tags")
        )

    def field_rows(
        self, group: FieldGroup, record: Any, profile: AccessProfile, may_change: bool
    ) -> list[FieldRow]:
        """An open deal has no outcome; a won one no reason for being lost."""
        if group is OUTCOME and record.status == DealStatus.OPEN:
            return []
        rows = super().field_rows(group, record, profile, may_change)
        other = "won_reason" if record.status == DealStatus.LOST else "lost_reason"
        return [row for row in rows if row.name != other]

    def extra_context(self, record: Deal) -> dict[str, Any]:
        hidden = self.profile.hidden_fields("deal")
        return {
            "path": stage_path(record, stages_of(record.pipeline)),
            "stage_badge": stage_badge(record),
            "amount_text": "" if "amount" in hidden else markup.money_text(record.amount, record.currency),
            "shows_amount": "amount" not in hidden,
            "people": people_of_deal(self.request.user, record),
            "shows_people": "contact" not in hidden,
            "may_change_people": "contact" not in hidden | self.profile.read_only_fields("deal"),
            "lines": record.lines.select_related("product").order_by("position", "pk"),
            "orders": Order.objects.visible_to(self.request.user)
            .filter(deal=record)
            .order_by("-ordered_at", "-pk")[:5],
            "history": stage_history(record)[:50],
            "is_open": record.status == DealStatus.OPEN,
            "rotting": rotting_text(record),
            "company_url": record_url("company", record.company_id),
            "peek_subtitle": record.stage.name,
            **record_context(record, self.request.user),
        }


class DealCreate(CreatePage):
    """A new deal."""

    record_type = "deal"
    form_class = DealCreateForm
    title = _("New deal")
    submit_label = _("Create deal")

    def get_initial(self) -> dict[str, Any]:
        initial = {
            name: int(v) if name in ("stage", "company", "contact") and v.isdigit() else v
            for name, v in super().get_initial().items()
        }
        if "company" not in initial and isinstance(initial.get("contact"), int):
            initial |= self._company_of(initial["contact"])
        return initial

    def _company_of(self, contact_id: int) -> dict[str, Any]:
        """The company of the person whom the deal is with, where the viewer knows of it and may put it down."""
        told = self.profile.hidden_fields("contact").isdisjoint({"company", "affiliations"})
        if not told or "company" in self.profile.read_only_fields("deal"):
            return {}
        person = Contact.objects.visible_to(self.request.user).filter(pk=contact_id).first()
        companies = Company.objects.visible_to(self.request.user)
        company = companies.filter(pk=person.company_id).first() if person is not None else None
        return {"company": company.pk} if company is not None else {}

    def save(self, form: RecordForm) -> Any:
        assert isinstance(form, DealCreateForm)
        values = {name: value for name, value in form.values.items() if value not in (None, "")}
        step = form.step()
        # the deal comes with its step or not at all: a form sent again would else make a second deal
        with transaction.atomic():
            deal = create_deal(actor=self.request.user, **values)
            if step is not None:
                plan_next_step(actor=self.request.user, deal=deal, **step)
        return deal


class DealUpdate(EditPage):
    """Edit the fields of a deal."""

    record_type = "deal"
    form_class = DealForm
    title = _("Edit deal")

    def save(self, form: RecordForm) -> Any:
        return update_deal(
            actor=self.request.user,
            deal=self.fresh(),
            expected_version=form.expected_version,
            **form.changes,
        )


class DealWin(EditPage):
    """The deal is won."""

    record_type = "deal"
    form_class = WinForm
    title = _("Deal won")
    submit_label = _("Mark as won")

    def save(self, form: RecordForm) -> Any:
        assert isinstance(form, WinForm)
        return win_deal(
            actor=self.request.user,
            deal=self.fresh(),
            reason=form.cleaned_data["won_reason"],
            note=form.cleaned_data["close_note"],
            at=form.closed_at(),
            expected_version=form.expected_version,
        )

    def saved_text(self, record: Any) -> str:
        return _t("“%(name)s” is won") % {"name": record}


class DealLose(EditPage):
    """The deal is lost, and why."""

    record_type = "deal"
    form_class = LoseForm
    title = _("Deal lost")
    submit_label = _("Mark as lost")

    def save(self, form: RecordForm) -> Any:
        assert isinstance(form, LoseForm)
        return lose_deal(
            actor=self.request.user,
            deal=self.fresh(),
            reason=form.cleaned_data["lost_reason"],
            note=form.cleaned_data["close_note"],
            at=form.closed_at(),
            expected_version=form.expected_version,
        )

    def saved_text(self, record: Any) -> str:
        return _t("“%(name)s” is lost") % {"name": record}


class DealMove(EditPage):
    """Another stage (a decided deal is reopened by it), with a next step if one likes."""

    record_type = "deal"
    form_class = MoveForm
    title = _("Move deal")
    submit_label = _("Move")

    def get_form(self, data: Any = None, files: Any = None) -> RecordForm:
        form = super().get_form(data, files)
        asked = self.request.GET.get("stage", "")
        if asked.isascii() and asked.isdigit():
            form.initial["stage"] = int(asked)
        return form

    def save(self, form: RecordForm) -> Any:
        assert isinstance(form, MoveForm)
        deal, stage = self.fresh(), form.cleaned_data["stage"]
        options = {"actor": self.request.user, "deal": deal, "expected_version": form.expected_version}
        step = form.step()
        with transaction.atomic():
            if deal.status == DealStatus.OPEN:
                moved = move_deal(stage=stage, **options)
            else:
                moved = reopen_deal(stage=stage, **options)
            if step is not None:
                plan_next_step(actor=self.request.user, deal=moved, **step)
        return moved


class DealStep(EditPage):
    """Plan the next step."""

    record_type = "deal"
    form_class = StepForm
    title = _("Next step")
    submit_label = _("Plan it")

    def save(self, form: RecordForm) -> Any:
        assert isinstance(form, StepForm)
        deal, step = self.fresh(), form.step()
        assert step is not None  # the form demands the time
        plan_next_step(actor=self.request.user, deal=deal, **step)
        return deal

    def saved_text(self, record: Any) -> str:
        return _t("Next step planned")


class DealAddContact(EditPage):
    """Put a person on the deal; `?contact=` of somebody who is on it gives them another role."""

    record_type = "deal"
    form_class = DealContactForm
    title = _("A person on the deal")
    submit_label = _("Save")

    def draft_key(self) -> str:
        return f"{super().draft_key()}-{self.request.GET.get('contact', 'new')[:20]}"

    def get_form(self, data: Any = None, files: Any = None) -> RecordForm:
        form = super().get_form(data, files)
        asked = self.request.GET.get("contact", "")
        people = people_of_deal(self.request.user, form.instance)
        link = people.filter(contact_id=asked).first() if asked.isascii() and asked.isdigit() else None
        if link is not None and isinstance(form, DealContactForm):
            form.show(link)
        return form

    def save(self, form: RecordForm) -> Any:
        deal = self.fresh()
        add_deal_contact(
            actor=self.request.user,
            deal=deal,
            contact=form.cleaned_data["contact"],
            role=form.cleaned_data["role"],
            primary=form.cleaned_data["is_primary"],
            expected_version=form.expected_version,
        )
        return deal

    def answer_stale(self, form: RecordForm, current: Any) -> HttpResponse:
        """It is the person's place on the deal that somebody else has changed, not the deal."""
        return self.answer(form, status=409, **stale_context(form, current))


class DealRemoveContact(RecordTypeView):
    """Take a person off the deal."""

    record_type = "deal"
    required_action = Action.CHANGE

    def post(self, request: HttpRequest, pk: int, contact_pk: int) -> HttpResponse:
        deal, url = self.find(pk, Action.CHANGE), reverse("sales:deal_detail", args=[pk])
        link = people_of_deal(request.user, deal).filter(contact_id=contact_pk).first()
        if link is None:
            raise Http404
        try:
            remove_deal_contact(
                actor=request.user, deal=deal, contact=link.contact, expected_version=expected_state(request)
            )
        except ValidationError as error:
            say(request, " ".join(error.messages), tone="error")
            return done(request, url)
        except StaleRecord as stale:
            return answer_changed(request, stale.record, back_url=url, back_label=str(deal))
        text = _t("%(name)s is off the deal") % {"name": link.contact}
        return done(request, url, text, undo_url=undo_url(request))
