"""Mappings that were kept: seen, renamed, shared, removed."""

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from core.models import ImportMapping
from core.scope.access import profile_for
from core.selectors.import_mappings import mappings_for, shown_mappings
from core.services.import_mappings import change_mapping, delete_mapping
from core.ui.toasts import done
from core.views.import_base import ImportView


class ImportMappingsView(ImportView):
    """One's own mappings and those of others that are shared."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.answer()

    def answer(self, status: int = 200, *, failed: int = 0, name: str = "", error: str = "") -> HttpResponse:
        return self.show(
            "mappings",
            status,
            title=_("Mappings"),
            mappings=shown_mappings(self.request.user),
            may_share=profile_for(self.request.user).can("share_views"),
            failed=failed,
            name=name,
            error=error,
        )


class ImportMappingChangeView(ImportMappingsView):
    """Rename a mapping, share it, take it back, or remove it."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:  # type: ignore[override]
        return done(request, reverse("core:import_mappings"))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        saved: ImportMapping | None = mappings_for(request.user).filter(pk=pk).first()
        if saved is None:
            raise Http404
        url = reverse("core:import_mappings")
        if "delete" in request.POST:
            delete_mapping(actor=request.user, saved=saved)
            return done(request, url, _("“%(name)s” removed") % {"name": saved.name})
        if "share" in request.POST or "unshare" in request.POST:
            change_mapping(actor=request.user, saved=saved, shared="share" in request.POST)
            words = (
                _("“%(name)s” is for everybody now") if saved.shared else _("“%(name)s” is yours alone now")
            )
            return done(request, url, words % {"name": saved.name})
        name = request.POST.get("name", "")
        try:
            change_mapping(actor=request.user, saved=saved, name=name)
        except ValidationError as error:
            return self.answer(422, failed=pk, name=name, error=" ".join(error.messages))
        return done(request, url, _("Now called “%(name)s”") % {"name": saved.name})
