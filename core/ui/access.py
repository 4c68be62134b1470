"""Who may open a page: the base view of the kit."""

from typing import Any, ClassVar

from django.contrib.auth.mixins import AccessMixin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import View

from core.enums import Action
from core.registries import aliases, records
from core.registries.aliases import RecordMoved
from core.registries.records import RecordType
from core.scope.access import AccessProfile, profile_for


class SignedInView(AccessMixin, View):
    """A page for people who are signed in. A fragment that is asked for after the session ended makes the
    whole page go to the sign-in, instead of a sign-in form inside the page."""

    capability: str = ""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            if request.headers.get("HX-Request"):
                return HttpResponse(status=401, headers={"HX-Refresh": "true"})
            return self.handle_no_permission()
        if self.capability and not self.profile.can(self.capability):
            raise PermissionDenied(_("Your role does not include this."))
        return super().dispatch(request, *args, **kwargs)

    @property
    def profile(self) -> AccessProfile:
        return profile_for(self.request.user)


class RecordTypeView(SignedInView):
    """A page about one record type: 403 without the capability, 404 out of scope."""

    record_type: ClassVar[str] = ""
    required_action: Action = Action.VIEW

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated:
            self.require(self.required_action)
        try:
            return super().dispatch(request, *args, **kwargs)
        except RecordMoved as moved:
            return self.follow(request, moved)

    def follow(self, request: HttpRequest, moved: RecordMoved) -> HttpResponse:
        """To the same page of the record that an old one was merged into; what was posted to the old one is
        not done to another unasked. Not a permanent redirect: a merge may be undone."""
        from core.ui.toasts import done

        if request.method not in ("GET", "HEAD"):
            text = _("The record was merged into this one. Please do it again here.")
            return done(request, records.get(moved.record_type).url_of(moved.live_id), text)
        match = request.resolver_match
        url = reverse(match.view_name, kwargs={**match.kwargs, "pk": moved.live_id})  # type: ignore[union-attr]
        query = request.META.get("QUERY_STRING", "")
        return HttpResponseRedirect(f"{url}?{query}" if query else url)

    @property
    def type(self) -> RecordType:
        key = self.record_type or self.kwargs.get("record_type", "")
        if not records.known(key):
            raise Http404
        return records.get(key)

    def require(self, action: Action) -> None:
        """Demand the capability for the record type."""
        if not profile_for(self.request.user).allows(self.type.key, action):
            raise PermissionDenied(_("Your role does not allow this."))

    def find(self, pk: int, action: Action = Action.VIEW) -> Any:
        """The record: 404 where it may not be seen, 403 where it may be seen but `action` not be done."""
        record = self.type.visible_to(self.request.user).filter(pk=pk).first()
        if record is None:
            raise self.missing(pk)
        if (
            action != Action.VIEW
            and not self.type.visible_to(self.request.user, action).filter(pk=pk).exists()
        ):
            raise PermissionDenied(_("Your role does not allow this for this record."))
        return record

    def missing(self, pk: int) -> Http404:
        """What to raise for a record that is not there or not in scope."""
        return aliases.missing(self.type.key, pk, self.type.visible_to(self.request.user))


def is_fragment(request: HttpRequest) -> bool:
    """Whether the request wants a part of the page only."""
    return request.headers.get("HX-Request") == "true" and "HX-History-Restore-Request" not in request.headers


def in_dialog(request: HttpRequest) -> bool:
    """Whether the answer will stand in a dialog."""
    return bool(request.headers.get("X-Dialog"))


def safe_next(request: HttpRequest, default: str) -> str:
    """Where to go afterwards: `next` of the form if it is a path of ours, else `default`."""
    from django.utils.http import url_has_allowed_host_and_scheme

    target = request.POST.get("next") or request.GET.get("next") or ""
    if target and url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure()):
        return target
    return default
