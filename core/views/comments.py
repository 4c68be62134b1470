"""Comments on records: read and written beside the record, changed by their authors."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from core.forms.sharing import CommentForm
from core.models import Comment
from core.registries import records
from core.services.base import StaleRecord, state_of
from core.services.comments import add_comment, change_comment, remove_comment
from core.ui.access import RecordTypeView, SignedInView, in_dialog, is_fragment
from core.ui.everywhere import comments_card
from core.ui.form_pages import add_errors, stale_context
from core.ui.row_conflicts import answer_changed, expected_state
from core.ui.toasts import done, say, trigger
from core.ui.undo import undo_url


class CommentsView(RecordTypeView):
    """GET shows the comments on a record; POST adds one: an invalid one comes back as it was typed (422)."""

    def get(self, request: HttpRequest, record_type: str, pk: int) -> HttpResponse:
        return self.answer(self.find(pk), CommentForm())

    def post(self, request: HttpRequest, record_type: str, pk: int) -> HttpResponse:
        record, form = self.find(pk), CommentForm(request.POST)
        if form.is_valid():
            try:
                add_comment(actor=request.user, record=record, body=form.cleaned_data["body"])
            except ValidationError as error:
                add_errors(form, error)
            else:
                if not is_fragment(request):
                    return done(request, self.type.url_of(pk) or request.path, _("Comment added"))
                return self.answer(record, CommentForm())
        return self.answer(record, form, 422)

    def answer(self, record: Any, form: CommentForm, status: int = 200) -> HttpResponse:
        card = comments_card(record, self.request.user) or {"comments": [], "record": record}
        context = {
            **card,
            "comment_form": form,
            "title": _("Comments on %(record)s") % {"record": record},
            "back_url": self.type.url_of(record.pk),
            "back_label": str(record),
        }
        template = "core/panels/_comments.html" if is_fragment(self.request) else "core/comments.html"
        return render(self.request, template, context, status=status)


class OneComment(SignedInView):
    """One's own comment on a record that one may see; anybody else's is 404."""

    def found(self, pk: int) -> tuple[Comment, Any]:
        comment = Comment.objects.visible_to(self.request.user).filter(pk=pk).first()
        if comment is None:
            raise Http404
        record = records.resolve(comment.record_type, comment.object_id, self.request.user)
        if record is None:
            raise Http404
        return comment, record


class CommentEdit(OneComment):
    """The form of one's own comment."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        comment, record = self.found(pk)
        return self.answer(self.form(comment), record)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        comment, record = self.found(pk)
        form = self.form(comment, request.POST)
        if not form.is_valid():
            return self.answer(form, record, 422)
        try:
            change_comment(
                actor=request.user,
                comment=comment,
                body=form.cleaned_data["body"],
                expected_version=form.expected_version,
            )
        except ValidationError as error:
            add_errors(form, error)
            return self.answer(form, record, 422)
        except StaleRecord as stale:
            return self.answer(form, record, 409, **stale_context(form, stale.record))
        url = records.of(record).url_of(record.pk) or "/"
        if not in_dialog(request):
            return done(request, url, _("Comment saved"), undo_url=undo_url(request))
        say(request, _("Comment saved"), undo_url=undo_url(request))
        saved = {"type": "comment", "id": pk, "label": "", "url": url}
        return trigger(HttpResponse(status=204), saved=saved)

    def form(self, comment: Comment, data: Any = None) -> CommentForm:
        return CommentForm(data, initial={"body": comment.body, "version": state_of(comment)})

    def answer(self, form: CommentForm, record: Any, status: int = 200, **extra: Any) -> HttpResponse:
        context = {
            "form": form,
            "title": _("Edit your comment"),
            "submit_label": _("Save"),
            "draft_key": f"comment-{self.kwargs['pk']}",
            "action": self.request.get_full_path(),
            "dialog": in_dialog(self.request),
            "back_url": records.of(record).url_of(record.pk),
            "back_label": str(record),
            **extra,
        }
        template = "ui/_form_dialog.html" if is_fragment(self.request) else "ui/form.html"
        return render(self.request, template, context, status=status)


class CommentRemove(OneComment):
    """Takes one's own comment away."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        comment, record = self.found(pk)
        url = records.of(record).url_of(record.pk) or "/"
        try:
            remove_comment(actor=request.user, comment=comment, expected_version=expected_state(request))
        except ValidationError as error:
            say(request, " ".join(error.messages), tone="error")
            return done(request, url)
        except StaleRecord as stale:
            return answer_changed(request, stale.record, back_url=url, back_label=str(record))
        return done(request, url, _("Comment removed"), undo_url=undo_url(request))
