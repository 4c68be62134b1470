"""Pages of personas."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.forms.personas import PersonaForm
from contacts.models import Persona
from contacts.selectors.personas import portrait_of
from contacts.services.personas import create_persona, update_persona
from core.conditions.tree import ConditionError
from core.ui.charts import Bar, bars
from core.ui.form_pages import CreatePage, EditPage
from core.ui.forms import RecordForm
from core.ui.lists import ListPage
from core.ui.markup import percent
from core.ui.records import Field, FieldGroup, RecordPage


class PersonaList(ListPage):
    record_type = "persona"
    default_sort = "name"
    empty_text = gettext_lazy("No personas yet. A persona describes the people of a segment as one of them.")


class PersonaPage(RecordPage):
    """A persona: what was written about it, who is most like it, and how its people spread."""

    record_type = "persona"
    template_name = "contacts/personas/detail.html"
    edit_url_name = "contacts:persona_update"
    groups = (
        FieldGroup(
            gettext_lazy("About"),
            ("segment", "owner", Field("created_at", gettext_lazy("Created"), editable=False)),
        ),
    )

    def get_queryset(self) -> QuerySet[Persona]:
        rows: QuerySet[Persona] = super().get_queryset()
        return rows.select_related("owner", "segment")

    def extra_context(self, record: Persona) -> dict[str, Any]:
        texts = [(str(record._meta.get_field(name).verbose_name), getattr(record, name)) for name in TEXTS]  # type: ignore[union-attr]
        context: dict[str, Any] = {
            "texts": [(label, text) for label, text in texts if text],
        }
        if record.segment_id is None:  # concealed: it is out of their sight
            return {**context, "problem": _("The segment of this persona is out of your sight.")}
        context["segment_url"] = reverse("contacts:segment_detail", args=[record.segment_id])
        try:
            portrait = portrait_of(record.segment, self.request.user)
        except ConditionError as error:
            return {**context, "problem": str(error)}
        return {**context, "portrait": portrait, "charts": charts_of(portrait.spreads, portrait.looked_at)}


TEXTS = ("description", "goals", "frustrations", "approach")


def charts_of(spreads: Any, total: int) -> list[tuple[str, Any]]:
    return [
        (
            label,
            bars(label, [Bar(name, count, percent(count / total)) for name, count in spread], fading=False),
        )
        for label, spread in spreads
        if total and spread
    ]


class PersonaCreate(CreatePage):
    record_type = "persona"
    form_class = PersonaForm
    title = gettext_lazy("New persona")
    submit_label = gettext_lazy("Create persona")

    def save(self, form: RecordForm) -> Persona:
        return create_persona(actor=self.request.user, **form.values)


class PersonaEdit(EditPage):
    record_type = "persona"
    form_class = PersonaForm
    title = gettext_lazy("Edit persona")

    def save(self, form: RecordForm) -> Persona:
        return update_persona(
            actor=self.request.user,
            persona=self.fresh(),
            changes=form.changes,
            expected_version=form.expected_version,
        )
