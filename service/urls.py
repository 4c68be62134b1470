"""Pages of service."""

from django.urls import URLPattern, URLResolver, path

from service.views import files, mail, maps, surveys, tickets

app_name = "service"
urlpatterns: list[URLPattern | URLResolver] = [
    path("tickets/", tickets.TicketList.as_view(), name="ticket_list"),
    path("tickets/map/", maps.TicketMap.as_view(), name="ticket_map"),
    path("tickets/new/", tickets.TicketCreate.as_view(), name="ticket_create"),
    path("tickets/<int:pk>/", tickets.TicketPage.as_view(), name="ticket_detail"),
    path("tickets/<int:pk>/edit/", tickets.TicketUpdate.as_view(), name="ticket_update"),
    path("tickets/<int:pk>/say/", tickets.TicketSay.as_view(), name="ticket_say"),
    path("tickets/<int:pk>/status/", tickets.TicketStatusView.as_view(), name="ticket_status"),
    path("tickets/<int:pk>/take/", tickets.TicketTake.as_view(), name="ticket_take"),
    path(
        "tickets/<int:pk>/messages/<int:message_pk>/resend/",
        tickets.MessageResend.as_view(),
        name="message_resend",
    ),
    path("attachments/<int:pk>/", files.AttachmentView.as_view(), name="attachment"),
    path("messages/<int:pk>/raw/", files.MessageRawView.as_view(), name="message_raw"),
    path("surveys/", surveys.SurveyAnswerList.as_view(), name="survey_answer_list"),
    path("mail/", mail.UnreadMailList.as_view(), name="unread_mail"),
    path("mail/<int:pk>/", mail.UnreadMailAction.as_view(), name="unread_mail_action"),
    path("mail/<int:pk>/raw/", files.RawMailView.as_view(), name="unread_mail_raw"),
]
