"""The record of processing activities: a page, and the same as a file."""

import csv
import io
import json

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from core.privacy.processing import Line, record_of_processing, responsible
from core.registries.processing import safeguards
from core.ui.access import SignedInView


class ProcessingRecord(SignedInView):
    """Generated whenever it is asked for; `?format=csv` and `?format=json` hand it out."""

    capability = "erase_people"

    def get(self, request: HttpRequest) -> HttpResponse:
        lines = record_of_processing()
        if request.GET.get("format") == "json":
            record = {
                "responsible": responsible(),
                "measures": safeguards(),
                "activities": [line.as_dict() for line in lines],
            }
            text = json.dumps(record, ensure_ascii=False, indent=2)
            return _file(text.encode(), "application/json", "json")
        if request.GET.get("format") == "csv":
            return _file(_csv(lines), "text/csv; charset=utf-8", "csv")
        context = {
            "title": _("Record of processing"),
            "lines": lines,
            "responsible": responsible(),
            "safeguards": safeguards(),
            "back_url": reverse("contacts:privacy_request_list"),
            "back_label": _("Privacy requests"),
        }
        return render(request, "contacts/processing.html", context)


def _csv(lines: list[Line]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(
        [
            "activity",
            "purpose",
            "legal basis",
            "data subjects",
            "recipients",
            "transfers",
            "kept",
            "record",
            "description",
            "fields",
            "erasure",
            "retention",
        ]
    )
    for line in lines:
        one = line.activity
        told = (one.name, one.purpose, one.basis, one.subjects, one.recipients, one.transfers, one.kept)
        head = [str(words) for words in told]
        for category in line.categories:
            writer.writerow(
                [
                    *head,
                    category.name,
                    category.words,
                    ", ".join(category.fields),
                    ", ".join(category.erasers),
                    "; ".join(category.policies),
                ]
            )
    return text.getvalue().encode("utf-8-sig")


def _file(content: bytes, kind: str, ending: str) -> HttpResponse:
    return HttpResponse(
        content,
        content_type=kind,
        headers={"Content-Disposition": f'attachment; filename="record-of-processing.{ending}"'},
    )
