"""Pages of data quality."""

from django.urls import path

from contacts.views import quality, standardising

urlpatterns = [
    path("quality/", quality.QualityView.as_view(), name="quality"),
    path("quality/targets/", quality.TargetsView.as_view(), name="quality_targets"),
    path("quality/standardise/", standardising.StandardiseView.as_view(), name="standardise"),
    path("quality/standardise/<int:pk>/", standardising.StandardisingView.as_view(), name="standardising"),
]
