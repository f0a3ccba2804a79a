from django.urls import path

from users import views

app_name = "users"
urlpatterns = [
    path("set-password/<str:uid>/<str:token>/", views.SetPasswordPage.as_view(), name="set-password"),
    path("invitation/<str:token>/", views.AcceptPage.as_view(), name="accept-invitation"),
]
