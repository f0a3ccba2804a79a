from django.urls import path

from complaints import views

app_name = "complaints"
urlpatterns = [
    path("", views.case_list, name="list"),
    path("documents/<int:document_pk>/", views.evidence, name="evidence"),
]
