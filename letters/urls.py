from django.urls import path

from letters import views

app_name = "letters"
urlpatterns = [
    path("cases/<int:complaint_pk>/", views.case, name="case"),
    path("versions/<int:version_pk>.<str:kind>", views.download, name="download"),
]
