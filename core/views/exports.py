"""Export: start one from a list, download its file."""

from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from core.enums import JobState
from core.exporting.writing import ENDINGS, FORMATS
from core.models import Job
from core.registries import records
from core.services.exports import start_export
from core.ui.access import SignedInView
from core.ui.toasts import done


class ExportStartView(SignedInView):
    """Start the export of a list as its query string shows it."""

    def post(self, request: HttpRequest, record_type: str) -> HttpResponse:
        if not records.known(record_type):
            raise Http404
        try:
            job = start_export(
                actor=request.user,
                record_type=record_type,
                file_format=request.POST.get("format", "csv"),
                query=request.POST.get("query", ""),
            )
        except ValidationError as error:
            return done(request, "/", " ".join(error.messages))
        return redirect("core:job", job.pk)


class ExportDownloadView(SignedInView):
    """The file of one's own finished export."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse | FileResponse:
        job: Job | None = Job.objects.visible_to(request.user).filter(pk=pk, kind="core.export").first()
        if job is None or job.state != JobState.DONE or not default_storage.exists(job.result["file"]):
            raise Http404
        kind = job.params["format"]
        name = f"{job.params['record_type']}-{job.created_at:%Y-%m-%d}.{ENDINGS.get(kind, kind)}"
        response = FileResponse(default_storage.open(job.result["file"]), as_attachment=True, filename=name)
        response["Content-Type"] = FORMATS[kind]
        return response
