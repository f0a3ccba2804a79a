from django.urls import path

from users.api import practices

app_name = "users-api"
urlpatterns = [path("practices/", practices.PracticeList.as_view(), name="practices")]
