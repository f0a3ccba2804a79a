"""Every address of the site."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="admin:index")),
    path("admin/", admin.site.urls),
    path("overview/", include("tickets.urls")),
    path("account/", include("users.urls")),
    path("api/v1/", include("users.api.urls")),
    path("api/v1/", include("knowledge.api.urls")),
    path("api/v1/", include("complaints.api.urls")),
    path("api/v1/", include("letters.api.urls")),
    path("api/v1/", include("tickets.api.urls")),
    path("api/schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path("api/docs/", SpectacularSwaggerSplitView.as_view(url_name="api-schema"), name="api-docs"),
]
