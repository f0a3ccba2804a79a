from django.urls import path

from users import api

app_name = "users"
urlpatterns = [path("practices/", api.PracticeList.as_view(), name="practices")]
