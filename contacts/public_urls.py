"""Pages for the people we know, under `/p/`, by signed links. They stand in mails: they never change."""

from django.urls import path

from contacts.views.person import centre, data, joining

app_name = "preferences"
urlpatterns = [
    path("", joining.AskForLink.as_view(), name="ask"),
    path("subscribe/", joining.Subscribe.as_view(), name="subscribe"),
    path("confirm/<str:token>/", joining.Confirm.as_view(), name="confirm"),
    path("<str:token>/", centre.Centre.as_view(), name="centre"),
    path("<str:token>/data/", data.OwnData.as_view(), name="data"),
    path("<str:token>/download/", data.Download.as_view(), name="download"),
    path("<str:token>/erase/", data.EraseMe.as_view(), name="erase"),
]
