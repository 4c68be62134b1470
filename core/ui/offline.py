"""The service worker, served from the root so that it may answer for every page when the line is down."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.views.decorators.cache import cache_control


@cache_control(max_age=3600)
def service_worker(request: HttpRequest) -> HttpResponse:
    """Keeps the offline page and its styles; never a page with somebody's data."""
    kept = [static("dist/css/app.css"), static("dist/icons.svg")]
    response = render(request, "ui/service_worker.js", {"kept": kept}, content_type="text/javascript")
    response["Service-Worker-Allowed"] = "/"
    return response


def offline(request: HttpRequest) -> HttpResponse:
    """What is shown without a connection."""
    return render(request, "ui/offline.html")
