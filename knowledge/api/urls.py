from django.urls import path

from knowledge.api import sections

app_name = "knowledge-api"
urlpatterns = [
    path("guidance/search/", sections.Search.as_view(), name="search"),
    path("guidance/sections/", sections.SectionList.as_view(), name="sections"),
    path("guidance/sections/<str:identifier>/", sections.SectionDetail.as_view(), name="section"),
    path("guidance/sections/<str:identifier>/versions/", sections.VersionList.as_view(), name="versions"),
    path(
        "guidance/sections/<str:identifier>/versions/<str:version>/",
        sections.VersionDetail.as_view(),
        name="version",
    ),
]
