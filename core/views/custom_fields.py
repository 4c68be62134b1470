"""Settings: the custom fields of each record type, for those who may manage them."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from core.custom_fields.definition import definition_of
from core.enums import CustomKind
from core.forms.custom_fields import CustomFieldForm, initial_of
from core.models import CustomField
from core.registries import custom_fields as hosts
from core.registries import records
from core.services.base import StaleRecord
from core.services.custom_fields import (
    CAPABILITY,
    archive_custom_field,
    create_custom_field,
    preview_retype,
    restore_custom_field,
    retype_custom_field,
    update_custom_field,
)
from core.ui.access import SignedInView
from core.ui.form_pages import add_errors, stale_context
from core.ui.row_conflicts import answer_changed, expected_state
from core.ui.toasts import done

RETYPES = [kind for kind in CustomKind if kind not in (CustomKind.FORMULA, CustomKind.LINK)]


class CustomFieldView(SignedInView):
    """What all of them share."""

    capability = CAPABILITY

    def record_type(self, text: str) -> str:
        known = [host.record_type for host in hosts.all_hosts()]
        return text if text in known else known[0]

    def field(self, pk: int) -> CustomField:
        field = get_object_or_404(CustomField, pk=pk)
        if hosts.get(field.record_type) is None:
            raise Http404
        return field

    def list_url(self, record_type: str) -> str:
        return f"{reverse('core:custom_field_list')}?type={record_type}"

    def show(self, template: str, status: int = 200, **context: Any) -> HttpResponse:
        shared = {"page_icon": "forms", "back_label": _("Custom fields")}
        return render(
            self.request, f"core/custom_fields/{template}.html", {**shared, **context}, status=status
        )

    def refuse(self, url: str, error: ValidationError) -> HttpResponse:
        return done(self.request, url, " ".join(error.messages))

    def changed(self, url: str, stale: StaleRecord) -> HttpResponse:
        """Somebody else has changed the definition since the page with the button was read."""
        return answer_changed(self.request, stale.record, back_url=url, back_label=_("Custom fields"))


class CustomFieldListView(CustomFieldView):
    """The fields of one record type, archived ones below."""

    def get(self, request: HttpRequest) -> HttpResponse:
        chosen = self.record_type(request.GET.get("type", ""))
        rows = list(CustomField.objects.filter(record_type=chosen))
        return self.show(
            "list",
            title=_("Custom fields"),
            chosen=chosen,
            types=[records.get(host.record_type) for host in hosts.all_hosts()],
            fields=[row for row in rows if row.archived_at is None],
            archived=[row for row in rows if row.archived_at is not None],
        )


class CustomFieldCreateView(CustomFieldView):
    """A new field for the record type of `?type=`."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.answer(CustomFieldForm(record_type=self.chosen()))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = CustomFieldForm(request.POST, record_type=self.chosen())
        if form.is_valid():
            try:
                field = create_custom_field(actor=request.user, record_type=self.chosen(), **form.values)
            except ValidationError as error:
                add_errors(form, error)
            else:
                text = _("“%(name)s” is there now") % {"name": field}
                return done(request, self.list_url(field.record_type), text)
        return self.answer(form, status=422)

    def chosen(self) -> str:
        return self.record_type(self.request.GET.get("type", ""))

    def answer(self, form: CustomFieldForm, status: int = 200) -> HttpResponse:
        return self.show(
            "form",
            status,
            title=_("New custom field"),
            form=form,
            back_url=self.list_url(form.record_type),
            type=records.get(form.record_type),
        )


class CustomFieldEditView(CustomFieldView):
    """A definition: change it, archive it, give it another kind."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        field = self.field(pk)
        return self.answer(CustomFieldForm(record_type=field.record_type, field=field), field)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        field = self.field(pk)
        form = CustomFieldForm(request.POST, record_type=field.record_type, field=field)
        stale: dict[str, Any] = {}
        if form.is_valid():
            try:
                update_custom_field(
                    actor=request.user,
                    field=self.field(pk),
                    changes=form.values,
                    expected_version=form.expected_version,
                )
            except ValidationError as error:
                add_errors(form, error)
            except StaleRecord as error:
                stale = stale_context(form, error.record, initial_of(self.field(pk)))
            else:
                text = _("“%(name)s” saved") % {"name": form.cleaned_data["label"]}
                return done(request, self.list_url(field.record_type), text)
        return self.answer(form, field, 409 if stale else 422, **stale)

    def answer(
        self, form: CustomFieldForm, field: CustomField, status: int = 200, **extra: Any
    ) -> HttpResponse:
        kinds = [kind for kind in RETYPES if kind != field.kind] if field.kind in RETYPES else []
        return self.show(
            "form",
            status,
            title=field.label,
            form=form,
            field=field,
            definition=definition_of(field),
            kinds=[(kind.value, kind.label) for kind in kinds],
            back_url=self.list_url(field.record_type),
            type=records.get(field.record_type),
            **extra,
        )


class CustomFieldArchiveView(CustomFieldView):
    """Takes a field off the screens, or brings it back (`restore`)."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        field, expected = self.field(pk), expected_state(request)
        url = self.list_url(field.record_type)
        try:
            if "restore" in request.POST:
                restore_custom_field(actor=request.user, field=field, expected_version=expected)
                return done(request, url, _("“%(name)s” is back, with its values") % {"name": field})
            archive_custom_field(actor=request.user, field=field, expected_version=expected)
        except ValidationError as error:
            return self.refuse(url, error)
        except StaleRecord as stale:
            return self.changed(url, stale)
        return done(request, url, _("“%(name)s” is archived; its values are kept") % {"name": field})


class CustomFieldRetypeView(CustomFieldView):
    """What another kind would make of the values (`?kind=`), and doing it."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        field, kind = self.field(pk), request.GET.get("kind", "")
        if kind not in RETYPES or field.kind not in RETYPES or kind == field.kind:
            raise Http404
        return self.show(
            "retype",
            title=_("“%(name)s” as %(kind)s") % {"name": field, "kind": CustomKind(kind).label},
            field=field,
            kind=kind,
            preview=preview_retype(field, kind),
            back_url=reverse("core:custom_field", args=[pk]),
        )

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        field, url = self.field(pk), reverse("core:custom_field", args=[pk])
        try:
            job = retype_custom_field(
                actor=request.user,
                field=field,
                kind=request.POST.get("kind", ""),
                expected_version=expected_state(request),
            )
        except ValidationError as error:
            return self.refuse(url, error)
        except StaleRecord as stale:
            return self.changed(url, stale)
        return done(request, reverse("core:job", args=[job.pk]))
