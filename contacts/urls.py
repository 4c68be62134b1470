"""Pages of contacts."""

from django.urls import path

from contacts.urls_rows import urlpatterns as row_patterns
from contacts.views import (
    activities,
    companies,
    contacts,
    privacy,
    profile,
    reach,
    segment_insight,
    segments,
    timeline,
)

app_name = "contacts"
urlpatterns = [
    path("", contacts.ContactList.as_view(), name="contact_list"),
    path("new/", contacts.ContactCreate.as_view(), name="contact_create"),
    path("<int:pk>/", contacts.ContactPage.as_view(), name="contact_detail"),
    path("<int:pk>/edit/", contacts.ContactEdit.as_view(), name="contact_update"),
    path("<int:pk>/consent/", reach.ConsentCreate.as_view(), name="consent_create"),
    path("<int:pk>/reach/", reach.ContactPointCreate.as_view(), name="contact_point_create"),
    path(
        "<int:pk>/reach/<int:point_pk>/remove/",
        reach.ContactPointRemove.as_view(),
        name="contact_point_remove",
    ),
    path("<int:pk>/profile/", profile.ContactProfileView.as_view(), name="contact_profile"),
    path("companies/<int:pk>/profile/", profile.CompanyProfileView.as_view(), name="company_profile"),
    path("<int:pk>/privacy/", privacy.PrivacyView.as_view(), name="contact_privacy"),
    path("companies/<int:pk>/reach/", reach.CompanyPointCreate.as_view(), name="company_point_create"),
    path(
        "companies/<int:pk>/reach/<int:point_pk>/remove/",
        reach.CompanyPointRemove.as_view(),
        name="company_point_remove",
    ),
    path("companies/", companies.CompanyList.as_view(), name="company_list"),
    path("companies/new/", companies.CompanyCreate.as_view(), name="company_create"),
    path("companies/<int:pk>/", companies.CompanyPage.as_view(), name="company_detail"),
    path("companies/<int:pk>/edit/", companies.CompanyEdit.as_view(), name="company_update"),
    path("timeline/<slug:record_type>/<int:pk>/", timeline.TimelineView.as_view(), name="timeline"),
    path("compose/<slug:record_type>/<int:pk>/", timeline.ComposeView.as_view(), name="compose"),
    path("activities/", activities.ActivityList.as_view(), name="activity_list"),
    path("activities/<int:pk>/done/", activities.CompleteView.as_view(), name="activity_complete"),
    path("activities/<int:pk>/reopen/", activities.ReopenView.as_view(), name="activity_reopen"),
    path("segments/", segments.SegmentList.as_view(), name="segment_list"),
    path("segments/new/", segments.SegmentCreate.as_view(), name="segment_create"),
    path("segments/rule/", segments.RuleView.as_view(), name="segment_rule"),
    path("segments/<int:pk>/", segments.SegmentPage.as_view(), name="segment_detail"),
    path("segments/<int:pk>/edit/", segments.SegmentEdit.as_view(), name="segment_update"),
    path("segments/<int:pk>/why/", segment_insight.WhyView.as_view(), name="segment_why"),
    path("segments/<int:pk>/history/", segment_insight.HistoryView.as_view(), name="segment_history"),
    path("segments/<int:pk>/overlap/", segment_insight.OverlapView.as_view(), name="segment_overlap"),
    path("segments/<int:pk>/snapshot/", segment_insight.SnapshotView.as_view(), name="segment_snapshot"),
    path("segments/<int:pk>/members/", segment_insight.MemberAddView.as_view(), name="segment_member_add"),
    path(
        "segments/<int:pk>/members/<int:contact_pk>/remove/",
        segments.MemberRemoveView.as_view(),
        name="segment_member_remove",
    ),
    path("tasks/", activities.TaskView.as_view(), name="task_list"),
    *row_patterns,
]
