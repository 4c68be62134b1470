"""Files on their way out: nothing in them can run, no cache keeps them."""

from django.http import FileResponse, HttpResponseBase

from core.models import File


def sealed(response: HttpResponseBase) -> HttpResponseBase:
    """The answer so that nothing in it can run or be kept by a cache."""
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def as_download(file: File) -> HttpResponseBase:
    """The file, never shown inside the site."""
    stream = file.content.open("rb")
    return sealed(FileResponse(stream, as_attachment=True, filename=file.name, content_type=file.media_type))
