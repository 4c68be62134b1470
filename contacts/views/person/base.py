"""What the public pages share: language, limits, nothing kept by caches or passed on as a referrer."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views import View

from contacts.selectors.person import LinkEnded, Person, person_behind
from core.history.context import acting
from core.limits import client_address, within_limit

LOOKS_PER_MINUTE = 60


class PublicPage(View):
    """A page without a sign-in. `?lang=` chooses the language and is remembered. What is written here is written
    by the person, whoever may be signed in on the same browser."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        language = self.language(request)
        with translation.override(language), acting(None, cause="person"):
            if not within_limit("person-look", client_address(request), LOOKS_PER_MINUTE, 60):
                return self.notice(_("Too many requests"), _("Try again in a minute."), status=429)
            response = super().dispatch(request, *args, **kwargs)
            add_never_cache_headers(response)
            response.headers["Referrer-Policy"] = "same-origin"
            response.headers["X-Robots-Tag"] = "noindex"
            if request.GET.get("lang") == language:
                response.set_cookie(  # type: ignore[union-attr]
                    settings.LANGUAGE_COOKIE_NAME, language, max_age=31_536_000, samesite="Lax",
                    secure=request.is_secure(), httponly=True,
                )  # fmt: skip
            return response

    def language(self, request: HttpRequest) -> str:
        """What was chosen here, else what the browser says."""
        known = {code for code, _name in settings.LANGUAGES}
        asked = request.GET.get("lang", "")
        return asked if asked in known else translation.get_language() or settings.LANGUAGE_CODE

    def show(self, template: str, status: int = 200, **context: Any) -> HttpResponse:
        languages = [
            (code, translation.get_language_info(code)["name_local"]) for code, _name in settings.LANGUAGES
        ]
        context = {"languages": languages, "language": translation.get_language(), **context}
        return render(self.request, template, context, status=status)

    def notice(self, title: str, text: str, status: int = 200, **context: Any) -> HttpResponse:
        """A page that only says something."""
        return self.show("contacts/person/notice.html", status, title=title, text=text, **context)

    def damaged(self, **context: Any) -> HttpResponse:
        """For a link that nobody was given: most often half of one, broken by a mail program."""
        text = _("Copy the whole link from the mail, or ask for a new one.")
        return self.notice(_("This link is damaged"), text, status=404, **context)


class PersonPage(PublicPage):
    """A page of the person whom the token names: 404 for a forged one, 410 for one that has ended."""

    person: Person

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            person = person_behind(kwargs["token"])
        except LinkEnded:
            self.request = request
            with translation.override(self.language(request)):
                text = _("Links to your data work for a day. Ask for a new one: it takes a minute.")
                return self.notice(_("This link has ended"), text, status=410, ask=True)
        if person is None:
            self.request = request
            with translation.override(self.language(request)):
                return self.damaged(ask=True)
        self.person = person
        return super().dispatch(request, *args, **kwargs)

    def language(self, request: HttpRequest) -> str:
        """What was chosen here; else the language that we write to the person in, else what the browser says."""
        known = {code for code, _name in settings.LANGUAGES}
        chosen = (
            request.GET.get("lang") in known or request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME) in known
        )
        theirs = self.person.contact.language if hasattr(self, "person") else ""
        return theirs if theirs in known and not chosen else super().language(request)
