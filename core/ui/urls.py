"""Pages of the kit, in core's namespace."""

from django.urls import path

from core.ui import (
    audit,
    field_edit,
    history_pages,
    inbox,
    job_pages,
    offline,
    record_actions,
    saved_views,
    search,
    undo,
)

urlpatterns = [
    path("search/palette/", search.PaletteView.as_view(), name="palette"),
    path("search/mentions/", search.MentionsView.as_view(), name="mentions"),
    path("options/<slug:record_type>/", search.OptionsView.as_view(), name="options"),
    path("inbox/", inbox.InboxView.as_view(), name="inbox"),
    path("inbox/<int:pk>/", inbox.NotificationView.as_view(), name="notification"),
    path("views/<slug:record_type>/", saved_views.SaveView.as_view(), name="save_view"),
    path("view/<int:pk>/", saved_views.ChangeView.as_view(), name="change_view"),
    path("jobs/", job_pages.JobListView.as_view(), name="job_list"),
    path("jobs/<int:pk>/", job_pages.JobView.as_view(), name="job"),
    path("trash/", record_actions.TrashView.as_view(), name="trash"),
    path("audit/", audit.AuditView.as_view(), name="audit"),
    path("undo/<str:token>/", undo.UndoView.as_view(), name="undo"),
    path("records/<slug:record_type>/<int:pk>/mark/", record_actions.MarkView.as_view(), name="mark"),
    path("records/<slug:record_type>/<int:pk>/delete/", record_actions.DeleteView.as_view(), name="delete"),
    path(
        "records/<slug:record_type>/<int:pk>/restore/", record_actions.RestoreView.as_view(), name="restore"
    ),
    path("records/<slug:record_type>/<int:pk>/history/", history_pages.HistoryView.as_view(), name="history"),
    path(
        "records/<slug:record_type>/<int:pk>/history/<int:change>/",
        history_pages.PutBackView.as_view(),
        name="put_back",
    ),
    path(
        "records/<slug:record_type>/<int:pk>/explain/", record_actions.ExplainView.as_view(), name="explain"
    ),
    path(
        "records/<slug:record_type>/<int:pk>/field/<slug:name>/",
        field_edit.FieldEditView.as_view(),
        name="field",
    ),
    path("sw.js", offline.service_worker, name="service_worker"),
    path("offline/", offline.offline, name="offline"),
]
