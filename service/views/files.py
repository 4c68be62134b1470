"""Handing out what mails brought: always as a download, never as a page of ours."""

from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase

from core.ui.access import RecordTypeView
from service.selectors.tickets import attachment_for, mail_to_look_at, raw_mail_of


class AttachmentView(RecordTypeView):
    """A file of a message."""

    record_type = "ticket"

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        file = attachment_for(request.user, pk)
        if file is None:
            raise Http404
        return download(file.content, file.name)


class MessageRawView(RecordTypeView):
    """The mail that a message was made from, as it came."""

    record_type = "ticket"

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        mail = raw_mail_of(request.user, pk)
        if mail is None:
            raise Http404
        return download(mail.content, f"mail-{mail.pk}.eml")


class RawMailView(RecordTypeView):
    """A mail that became no ticket, as it came."""

    record_type = "raw_mail"

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        mail = mail_to_look_at(request.user).filter(pk=pk).first()
        if mail is None:
            raise Http404
        return download(mail.content, f"mail-{mail.pk}.eml")


def download(content: Any, name: str) -> FileResponse:
    """Bytes of strangers: no browser may make a page or an image of them."""
    try:
        opened = content.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(
        opened, as_attachment=True, filename=name, content_type="application/octet-stream"
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
