"""The words under which consent is asked for: what is in force, what was, and a way to write the next version."""

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from contacts.forms.privacy import WordingForm
from contacts.selectors.wordings import WordsOf, words_by_key
from contacts.services.wordings import add_version
from core.enums import Action
from core.ui.access import RecordTypeView
from core.ui.form_pages import add_errors
from core.ui.toasts import done


class WordingList(RecordTypeView):
    record_type = "wording"

    def get(self, request: HttpRequest) -> HttpResponse:
        context = {
            "title": _("Wordings of consent"),
            "page_icon": "shield-check",
            "groups": words_by_key(request.user),
            "may_add": self.profile.allows("wording", "add"),
        }
        return render(request, "contacts/wordings/list.html", context)


class WordingCreate(RecordTypeView):
    """A new version; what somebody agreed to before stays as it was."""

    record_type = "wording"
    required_action = Action.ADD

    def words(self, key: str) -> WordsOf:
        found = next((one for one in words_by_key(self.request.user) if one.key == key), None)
        if found is None:
            raise Http404
        return found

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        words = self.words(key)
        return self.answer(words, WordingForm(words=words))

    def post(self, request: HttpRequest, key: str) -> HttpResponse:
        words = self.words(key)
        form = WordingForm(request.POST, words=words)
        if not form.is_valid():
            return self.answer(words, form, 422)
        try:
            add_version(actor=request.user, key=key, texts=form.texts)
        except ValidationError as error:
            add_errors(form, error)
            return self.answer(words, form, 422)
        return done(request, reverse("contacts:wording_list"), _("The new version is in force."))

    def answer(self, words: WordsOf, form: WordingForm, status: int = 200) -> HttpResponse:
        context = {
            "title": _("New version of “%(key)s”") % {"key": words.key},
            "form": form,
            "back_url": reverse("contacts:wording_list"),
            "back_label": _("Wordings of consent"),
        }
        return render(self.request, "contacts/wordings/form.html", context, status=status)
