"""Pages of privacy: requests, holds, wordings, suppressed addresses, retention, the record of processing."""

from django.urls import path

from contacts.views import holds, privacy, processing, requests, retention, suppressions, wordings

urlpatterns = [
    path("<int:pk>/privacy/", privacy.PrivacyView.as_view(), name="contact_privacy"),
    path("<int:pk>/consents/", privacy.ConsentLedger.as_view(), name="consent_ledger"),
    path("privacy/", requests.RequestList.as_view(), name="privacy_request_list"),
    path("privacy/new/", requests.RequestCreate.as_view(), name="privacy_request_create"),
    path("privacy/processing/", processing.ProcessingRecord.as_view(), name="processing"),
    path("privacy/retention/", retention.RetentionView.as_view(), name="retention"),
    path("privacy/retention/<int:pk>/", retention.RetentionAct.as_view(), name="retention_act"),
    path("privacy/let-in/", requests.LetIn.as_view(), name="let_in"),
    path("privacy/holds/", holds.HoldList.as_view(), name="hold_list"),
    path("privacy/holds/<int:pk>/lift/", holds.HoldLift.as_view(), name="hold_lift"),
    path("privacy/settings/", holds.PrivacySettingsView.as_view(), name="privacy_settings"),
    path("privacy/wordings/", wordings.WordingList.as_view(), name="wording_list"),
    path("privacy/wordings/<slug:key>/new/", wordings.WordingCreate.as_view(), name="wording_create"),
    path("privacy/<int:pk>/", requests.RequestPage.as_view(), name="privacy_request_detail"),
    path("privacy/<int:pk>/answer/", requests.RequestAnswer.as_view(), name="privacy_request_answer"),
    path("suppressions/", suppressions.SuppressionList.as_view(), name="suppression_list"),
    path("suppressions/new/", suppressions.SuppressionCreate.as_view(), name="suppression_create"),
    path("suppressions/import/", suppressions.SuppressionImport.as_view(), name="suppression_import"),
    path("suppressions/<int:pk>/", suppressions.SuppressionPage.as_view(), name="suppression_detail"),
    path("suppressions/<int:pk>/lift/", suppressions.SuppressionLift.as_view(), name="suppression_lift"),
]
