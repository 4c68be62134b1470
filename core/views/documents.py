"""The library: documents with their versions, whom they are shared with, and the records they belong to."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.enums import Action, Sharing
from core.forms.sharing import DocumentForm, DocumentLinkForm
from core.models import Document
from core.selectors.documents import linked_records
from core.selectors.files import files_on
from core.services.documents import create_document, link_document, unlink_document, update_document
from core.ui.access import RecordTypeView, in_dialog, is_fragment
from core.ui.everywhere import sharing_badge
from core.ui.form_pages import CreatePage, EditPage
from core.ui.lists import ListPage
from core.ui.markup import person
from core.ui.records import Field, FieldGroup, RecordPage
from core.ui.toasts import done, say, trigger
from core.ui.undo import undo_url


class DocumentList(ListPage):
    """Every document that the person may see."""

    record_type = "document"
    default_sort = "name"
    empty_text = gettext_lazy(
        "No documents yet. Put the first one here: price lists, contracts, presentations."
    )

    @classmethod
    def search(cls, rows: QuerySet[Any], text: str, user: Any) -> QuerySet[Any]:
        return rows.filter(name__icontains=text)


def _teams(document: Document) -> list[str]:
    if document.sharing != Sharing.TEAMS:
        return []
    return [str(team) for team in document.shared_teams.all()]


class DocumentPage(RecordPage):
    """A document: its versions with previews, whom it is shared with, where it belongs."""

    record_type = "document"
    template_name = "core/document_detail.html"
    edit_url_name = "core:document_update"
    groups = (
        FieldGroup(
            gettext_lazy("About"),
            (
                Field("sharing", gettext_lazy("Shared with"), sharing_badge, editable=False),
                Field("shared_teams", gettext_lazy("Teams"), _teams, editable=False),
                Field("owner", gettext_lazy("Owner"), lambda d: person(str(d.owner)) if d.owner else ""),
                "description",
                Field("created_at", gettext_lazy("Created"), editable=False),
            ),
        ),
    )

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().select_related("owner", "team").prefetch_related("shared_teams")

    def extra_context(self, record: Document) -> dict[str, Any]:
        return {
            "files": files_on("document", record.pk),
            "linked": linked_records(record, self.request.user),
        }


class DocumentCreate(CreatePage):
    record_type = "document"
    form_class = DocumentForm
    title = gettext_lazy("New document")
    submit_label = gettext_lazy("Put into the library")

    def save(self, form: Any) -> Document:
        return create_document(actor=self.request.user, **form.values)


class DocumentEdit(EditPage):
    record_type = "document"
    form_class = DocumentForm
    title = gettext_lazy("Edit document")

    def save(self, form: Any) -> Document:
        return update_document(
            actor=self.request.user,
            document=self.fresh(),
            changes=form.changes,
            expected_version=form.expected_version,
        )


class DocumentLinkAdd(RecordTypeView):
    """Chooses a document of the library for a record."""

    required_action = Action.CHANGE

    def get(self, request: HttpRequest, record_type: str, pk: int) -> HttpResponse:
        return self.answer(self.find(pk, Action.CHANGE), DocumentLinkForm(user=request.user))

    def post(self, request: HttpRequest, record_type: str, pk: int) -> HttpResponse:
        record = self.find(pk, Action.CHANGE)
        form = DocumentLinkForm(request.POST, user=request.user)
        if not form.is_valid():
            return self.answer(record, form, 422)
        link_document(actor=request.user, document=form.cleaned_data["document"], record=record)
        url = self.type.url_of(pk) or "/"
        if not in_dialog(request):
            return done(request, url, _("Document added"), undo_url=undo_url(request))
        say(request, _("Document added"), undo_url=undo_url(request))
        return trigger(
            HttpResponse(status=204), saved={"type": record_type, "id": pk, "label": str(record), "url": url}
        )

    def answer(self, record: Any, form: DocumentLinkForm, status: int = 200) -> HttpResponse:
        context = {
            "form": form,
            "title": _("Add a document of the library"),
            "submit_label": _("Add"),
            "draft_key": f"document-{record.record_type}-{record.pk}",
            "action": self.request.get_full_path(),
            "dialog": in_dialog(self.request),
            "back_url": self.type.url_of(record.pk),
            "type": self.type,
        }
        template = "ui/_form_dialog.html" if is_fragment(self.request) else "ui/form.html"
        return render(self.request, template, context, status=status)


class DocumentLinkRemove(RecordTypeView):
    """Takes a document off a record; it stays in the library."""

    required_action = Action.CHANGE
    http_method_names = ("post",)

    def post(self, request: HttpRequest, record_type: str, pk: int, document_pk: int) -> HttpResponse:
        record = self.find(pk, Action.CHANGE)
        document = Document.objects.visible_to(request.user).filter(pk=document_pk).first()
        if document is None:
            raise Http404
        unlink_document(actor=request.user, document=document, record=record)
        return done(request, self.type.url_of(pk) or "/", _("Document taken off"), undo_url=undo_url(request))
