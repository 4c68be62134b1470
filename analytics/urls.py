"""Pages of analytics."""

from django.urls import URLPattern, URLResolver, path

from analytics.views.dashboard import DashboardView
from analytics.views.model_runs import ModelRunListView

app_name = "analytics"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", DashboardView.as_view(), name="dashboard"),
    path("models/", ModelRunListView.as_view(), name="model_run_list"),
]
