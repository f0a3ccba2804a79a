from django.urls import path

from knowledge import views

app_name = "knowledge"
urlpatterns = [
    path("", views.guidance, name="guidance"),
    path("<str:identifier>/", views.section, name="section"),
]
