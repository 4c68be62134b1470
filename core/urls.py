"""Pages of core."""

from django.urls import path

from core.views import health, home

app_name = "core"
urlpatterns = [
    path("", home.home, name="home"),
    path("livez", health.livez, name="livez"),
    path("readyz", health.readyz, name="readyz"),
]
