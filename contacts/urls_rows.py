"""Pages of what hangs on people and companies: affiliations, addresses, relationships."""

from django.urls import path

from contacts.views import addresses, affiliations, lifecycle, maps, relationships

urlpatterns = [
    path("<int:pk>/companies/add/", affiliations.ContactCompanyAdd.as_view(), name="affiliation_add"),
    path(
        "<int:pk>/companies/<int:row_pk>/", affiliations.AffiliationEdit.as_view(), name="affiliation_update"
    ),
    path(
        "<int:pk>/companies/<int:row_pk>/end/", affiliations.AffiliationEnd.as_view(), name="affiliation_end"
    ),
    path(
        "<int:pk>/companies/<int:row_pk>/primary/",
        affiliations.AffiliationPrimary.as_view(),
        name="affiliation_primary",
    ),
    path(
        "<int:pk>/companies/<int:row_pk>/remove/",
        affiliations.AffiliationRemove.as_view(),
        name="affiliation_remove",
    ),
    path("companies/<int:pk>/group/", affiliations.CompanyGroup.as_view(), name="company_group"),
    path("companies/<int:pk>/people/", affiliations.CompanyPeople.as_view(), name="company_people"),
    path(
        "companies/<int:pk>/people/add/", affiliations.CompanyPersonAdd.as_view(), name="company_person_add"
    ),
    path("<int:pk>/addresses/add/", addresses.ContactAddressAdd.as_view(), name="contact_address_add"),
    path(
        "<int:pk>/addresses/<int:row_pk>/",
        addresses.ContactAddressEdit.as_view(),
        name="contact_address_update",
    ),
    path(
        "<int:pk>/addresses/<int:row_pk>/remove/",
        addresses.ContactAddressRemove.as_view(),
        name="contact_address_remove",
    ),
    path(
        "companies/<int:pk>/addresses/add/", addresses.CompanyAddressAdd.as_view(), name="company_address_add"
    ),
    path(
        "companies/<int:pk>/addresses/<int:row_pk>/",
        addresses.CompanyAddressEdit.as_view(),
        name="company_address_update",
    ),
    path(
        "companies/<int:pk>/addresses/<int:row_pk>/remove/",
        addresses.CompanyAddressRemove.as_view(),
        name="company_address_remove",
    ),
    path("<int:pk>/reach/<int:row_pk>/", addresses.ContactPointEdit.as_view(), name="contact_point_update"),
    path(
        "companies/<int:pk>/reach/<int:row_pk>/",
        addresses.CompanyPointEdit.as_view(),
        name="company_point_update",
    ),
    path("<int:pk>/relationships/", relationships.RelationshipList.as_view(), name="relationship_list"),
    path("<int:pk>/relationships/add/", relationships.RelationshipAdd.as_view(), name="relationship_add"),
    path(
        "<int:pk>/relationships/<int:row_pk>/",
        relationships.RelationshipEdit.as_view(),
        name="relationship_update",
    ),
    path(
        "<int:pk>/relationships/<int:row_pk>/remove/",
        relationships.RelationshipRemove.as_view(),
        name="relationship_remove",
    ),
    path("lifecycle/", lifecycle.LifecycleRuleList.as_view(), name="lifecycle_rule_list"),
    path("lifecycle/new/", lifecycle.LifecycleRuleCreate.as_view(), name="lifecycle_rule_create"),
    path("lifecycle/<int:pk>/", lifecycle.LifecycleRuleEdit.as_view(), name="lifecycle_rule_update"),
    path("map/", maps.ContactMap.as_view(), name="contact_map"),
    path("companies/map/", maps.CompanyMap.as_view(), name="company_map"),
]
