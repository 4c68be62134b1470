"""Pages of data quality."""

from django.urls import path

from contacts.views import enrichment, quality, standardising

urlpatterns = [
    path("suggestions/<int:pk>/", enrichment.SuggestionView.as_view(), name="suggestion"),
    path("companies/<int:pk>/look-up/", enrichment.LookUpView.as_view(), name="company_look_up"),
    path("quality/", quality.QualityView.as_view(), name="quality"),
    path("quality/targets/", quality.TargetsView.as_view(), name="quality_targets"),
    path("quality/standardise/", standardising.StandardiseView.as_view(), name="standardise"),
    path("quality/standardise/<int:pk>/", standardising.StandardisingView.as_view(), name="standardising"),
]
