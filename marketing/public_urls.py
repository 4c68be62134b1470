"""Addresses inside mails, under `/m/`. `sending.links.LinkMaker` writes them: they never change."""

from django.urls import path

from marketing.views import public

app_name = "mail_links"
urlpatterns = [
    path("u/<str:token>", public.unsubscribe, name="unsubscribe"),
    path("p/<str:token>", public.preferences, name="preferences"),
    path("t/<str:token>/o", public.pixel, name="pixel"),
    path("t/<str:token>/c/<int:link>", public.click, name="click"),
]
