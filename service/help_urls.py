"""The public help page."""

from django.urls import path

from service.views import help_page

app_name = "help"
urlpatterns = [
    path("", help_page.HelpFormView.as_view(), name="form"),
    path("sent/", help_page.HelpSentView.as_view(), name="sent"),
    path("<str:token>/", help_page.HelpStatusView.as_view(), name="status"),
]
