"""Uploading, downloading and removing files. A file is as visible as the record it hangs on."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views import View

from core.enums import Action
from core.models import File
from core.previews.looking import CannotShow, kind_of, page_count, page_picture, text_of
from core.registries import records
from core.services.file_links import file_behind
from core.services.files import attach_file, detach_file, parent_of
from core.ui.access import RecordTypeView, SignedInView, safe_next
from core.ui.toasts import done, say
from core.web.downloads import as_download, sealed

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


class OneFile(SignedInView):
    """A file that hangs on a record which the viewer may see; 404 otherwise, and where its bytes are gone."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return super().dispatch(request, *args, **kwargs)
        except FileNotFoundError as error:
            raise Http404 from error

    def found(self, pk: int) -> tuple[File, Any]:
        file = File.objects.filter(pk=pk).first()
        record = parent_of(file, self.request.user) if file is not None else None
        if file is None or record is None:
            raise Http404
        return file, record


class FileView(OneFile):
    """GET hands the file out as a download, never shown inside the site; POST takes it away."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        file, _record = self.found(pk)
        return as_download(file)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        file, record = self.found(pk)
        detach_file(actor=request.user, file=file)
        return done(request, safe_next(request, records.of(record).url_of(record.pk)), _("File removed"))


class SignedFileView(View):
    """The download behind a signed link, which is the permission: for the rights of the person it was made
    for, as they are now."""

    http_method_names = ("get", "head")

    def get(self, request: HttpRequest, token: str) -> HttpResponseBase:
        file = file_behind(token)
        if file is None:
            raise Http404
        return as_download(file)


class FilePreview(OneFile):
    """A page that shows a picture, a PDF page by page, or the beginning of a text."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        file, record = self.found(pk)
        kind, text, complete, pages = kind_of(file), "", True, 0
        try:
            if kind == "text":
                text, complete = text_of(file)
            elif kind == "pdf":
                pages = page_count(file)
        except CannotShow:
            kind = ""
        asked = request.GET.get("page", "1")
        page = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 5 else 1
        page = max(1, min(page, pages or 1))
        context = {
            "title": file.name,
            "file": file,
            "kind": kind,
            "text": text,
            "is_complete": complete,
            "page": page,
            "pages": pages,
            "back_url": records.of(record).url_of(record.pk),
            "back_label": str(record),
        }
        return render(request, "core/file_preview.html", context)


class FilePicture(OneFile):
    """A picture inline: only of the types that a browser draws and never runs."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        file, _record = self.found(pk)
        if kind_of(file) != "picture":
            raise Http404
        return sealed(FileResponse(file.content.open("rb"), filename=file.name, content_type=file.media_type))


class FilePage(OneFile):
    """A page of a PDF as a picture."""

    def get(self, request: HttpRequest, pk: int, number: int) -> HttpResponseBase:
        file, _record = self.found(pk)
        if kind_of(file) != "pdf" or not 1 <= number <= 500:
            raise Http404
        try:
            picture = page_picture(file, number)
        except CannotShow:
            raise Http404 from None
        return sealed(HttpResponse(picture, content_type="image/png"))
