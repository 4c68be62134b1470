"""The tags of the installation: renamed, coloured, merged, taken away."""

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.enums import Action, TagColour
from core.models import Tag
from core.selectors.tags import tags_with_uses
from core.services.base import StaleRecord, state_of
from core.services.tags import create_tag, delete_tag, merge_tags, update_tag
from core.ui.access import RecordTypeView, in_dialog, is_fragment
from core.ui.form_pages import add_errors, stale_context
from core.ui.forms import StateForm
from core.ui.row_conflicts import answer_changed, expected_state
from core.ui.toasts import done, say, trigger
from core.ui.undo import undo_url


class TagForm(StateForm):
    """A tag's name and colour."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=60)
    colour = forms.TypedChoiceField(
        label=gettext_lazy("Colour"), choices=TagColour.choices, coerce=int, initial=TagColour.GREY
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper(self)
        self.helper.form_tag = False
        self.helper.disable_csrf = True


class TagList(RecordTypeView):
    """Every tag with how often it is used. POST makes the ticked ones into one."""

    record_type = "tag"

    def get(self, request: HttpRequest) -> HttpResponse:
        text = request.GET.get("q", "").strip()[:60]
        rows = tags_with_uses(request.user)
        context = {
            "title": _("Tags"),
            "page_icon": "tag",
            "tags": list((rows.filter(name__icontains=text) if text else rows)[:500]),
            "text": text,
            "may_add": self.profile.allows("tag", Action.ADD),
            "may_change": self.profile.allows("tag", Action.CHANGE),
            "may_delete": self.profile.allows("tag", Action.DELETE),
        }
        return render(request, "core/tag_list.html", context)

    def post(self, request: HttpRequest) -> HttpResponse:
        if not (self.profile.allows("tag", Action.CHANGE) and self.profile.allows("tag", Action.DELETE)):
            raise PermissionDenied(_("Your role does not allow this."))
        ids = [int(pk) for pk in request.POST.getlist("tag") if pk.isascii() and pk.isdigit()]
        chosen = list(Tag.objects.visible_to(request.user).filter(pk__in=ids).order_by("pk"))
        into = next((tag for tag in chosen if str(tag.pk) == request.POST.get("into")), None)
        url = reverse("core:tag_list")
        if into is None or len(chosen) < 2:
            say(request, _("Tick at least two tags and say which of them stays."), tone="error")
            return done(request, url)
        count = merge_tags(actor=request.user, tags=chosen, into=into)
        text = _("%(count)d tags are “%(name)s” now") % {"count": count + 1, "name": into}
        return done(request, url, text, undo_url=undo_url(request))


class _TagForm(RecordTypeView):
    record_type = "tag"
    title: Any = ""

    def form(self, data: Any = None) -> TagForm:
        return TagForm(data)

    def save(self, form: TagForm) -> Tag:
        raise TypeError(f"{type(self).__name__} does not say how it saves")

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = self.form(request.POST)
        if form.is_valid():
            try:
                tag = self.save(form)
            except ValidationError as error:
                add_errors(form, error)
            except StaleRecord as stale:
                return self.answer(form, 409, **stale_context(form, stale.record))
            else:
                return self.answer_saved(tag)
        return self.answer(form, 422)

    def answer_saved(self, tag: Tag) -> HttpResponse:
        url, text = reverse("core:tag_list"), _("“%(name)s” saved") % {"name": tag}
        if not in_dialog(self.request):
            return done(self.request, url, text, undo_url=undo_url(self.request))
        say(self.request, text, undo_url=undo_url(self.request))
        saved = {"type": "tag", "id": tag.pk, "label": str(tag), "url": url}
        return trigger(HttpResponse(status=204), saved=saved)

    def answer(self, form: TagForm, status: int = 200, **extra: Any) -> HttpResponse:
        context = {
            "form": form,
            "title": self.title,
            "submit_label": _("Save"),
            "draft_key": f"tag-{self.kwargs.get('pk', 'new')}",
            "action": self.request.get_full_path(),
            "dialog": in_dialog(self.request),
            "back_url": reverse("core:tag_list"),
            "back_label": _("Tags"),
            **extra,
        }
        template = "ui/_form_dialog.html" if is_fragment(self.request) else "ui/form.html"
        return render(self.request, template, context, status=status)


class TagCreate(_TagForm):
    required_action = Action.ADD
    title = gettext_lazy("New tag")

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.answer(self.form())

    def save(self, form: TagForm) -> Tag:
        return create_tag(actor=self.request.user, **form.values)


class TagEdit(_TagForm):
    required_action = Action.CHANGE
    title = gettext_lazy("Edit tag")

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.answer(self.form())

    def form(self, data: Any = None) -> TagForm:
        tag = self.find(self.kwargs["pk"], Action.CHANGE)
        return TagForm(data, initial={"name": tag.name, "colour": tag.colour, "version": state_of(tag)})

    def save(self, form: TagForm) -> Tag:
        tag = self.find(self.kwargs["pk"], Action.CHANGE)
        return update_tag(
            actor=self.request.user, tag=tag, expected_version=form.expected_version, **form.values
        )


class TagRemove(RecordTypeView):
    """Takes a tag off everything; the toast brings it back."""

    record_type = "tag"
    required_action = Action.DELETE
    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        tag, url = self.find(pk, Action.DELETE), reverse("core:tag_list")
        try:
            delete_tag(actor=request.user, tag=tag, expected_version=expected_state(request))
        except ValidationError as error:
            say(request, " ".join(error.messages), tone="error")
            return done(request, url)
        except StaleRecord as stale:
            return answer_changed(request, stale.record, back_url=url, back_label=_("Tags"))
        return done(request, url, _("Tag removed"), undo_url=undo_url(request))
