"""Uploading, downloading and removing files. A file is as visible as the record it hangs on."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _

from core.enums import Action
from core.models import File
from core.registries import records
from core.services.files import attach_file, detach_file, parent_of
from core.ui.access import RecordTypeView, SignedInView, safe_next
from core.ui.toasts import done, say

MOST = 20


class UploadView(RecordTypeView):
    """Takes one or several files for a record; each that is refused is named with the reason."""

    required_action = Action.CHANGE
    http_method_names = ("post",)

    def post(self, request: HttpRequest, record_type: str, pk: int) -> HttpResponse:
        record = self.find(pk, Action.CHANGE)
        uploads = request.FILES.getlist("file")
        kept = 0
        for upload in uploads[:MOST]:
            try:
                attach_file(actor=request.user, record=record, name=upload.name or "", content=upload)
                kept += 1
            except ValidationError as error:
                say(request, f"{upload.name}: {' '.join(error.messages)}", tone="error")
        if not uploads:
            say(request, _("Choose a file first."), tone="error")
        url = safe_next(request, self.type.url_of(pk) or "/")
        return done(request, url, _("File kept") if kept else "")


class FileView(SignedInView):
    """GET hands the file out as a download, never shown inside the site; POST takes it away."""

    def found(self, pk: int) -> tuple[File, Any]:
        file = File.objects.filter(pk=pk).first()
        record = parent_of(file, self.request.user) if file is not None else None
        if file is None or record is None:
            raise Http404
        return file, record

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        file, _record = self.found(pk)
        response = FileResponse(
            file.content.open("rb"), as_attachment=True, filename=file.name, content_type=file.media_type
        )
        response["Content-Security-Policy"] = "sandbox; default-src 'none'"
        response["Cache-Control"] = "private, no-store"
        return response

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        file, record = self.found(pk)
        detach_file(actor=request.user, file=file)
        return done(request, safe_next(request, records.of(record).url_of(record.pk)), _("File removed"))
