"""Pages of marketing."""

from django.urls import path

from marketing.views import actions, campaigns

app_name = "marketing"
urlpatterns = [
    path("campaigns/", campaigns.CampaignList.as_view(), name="campaign_list"),
    path("campaigns/new/", campaigns.CampaignCreate.as_view(), name="campaign_create"),
    path("campaigns/<int:pk>/", campaigns.CampaignPage.as_view(), name="campaign_detail"),
    path("campaigns/<int:pk>/edit/", campaigns.CampaignEdit.as_view(), name="campaign_update"),
    path("campaigns/<int:pk>/preview/", campaigns.CampaignPreview.as_view(), name="campaign_preview"),
    path("campaigns/<int:pk>/progress/", campaigns.CampaignProgress.as_view(), name="campaign_progress"),
    path(
        "campaigns/<int:pk>/recipients/", campaigns.CampaignRecipients.as_view(), name="campaign_recipients"
    ),
    path(
        "campaigns/<int:pk>/recipients/<int:recipient_pk>/",
        actions.Resolve.as_view(),
        name="recipient_resolve",
    ),
    path("campaigns/<int:pk>/test/", actions.TestMail.as_view(), name="campaign_test"),
    path("campaigns/<int:pk>/launch/", actions.Launch.as_view(), name="campaign_launch"),
    path("campaigns/<int:pk>/pause/", actions.Pause.as_view(), name="campaign_pause"),
    path("campaigns/<int:pk>/resume/", actions.Resume.as_view(), name="campaign_resume"),
    path("campaigns/<int:pk>/stop/", actions.Stop.as_view(), name="campaign_stop"),
    path("campaigns/<int:pk>/copy/", actions.Copy.as_view(), name="campaign_copy"),
]
