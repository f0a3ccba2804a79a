from django.urls import path

from users.api import invitations, keys, passwords, people, practices, spending, trail, webhooks

app_name = "users-api"
urlpatterns = [
    path("me/", people.Me.as_view(), name="me"),
    path("roles/", people.RoleList.as_view(), name="roles"),
    path("practices/", practices.PracticeList.as_view(), name="practices"),
    path("practices/<int:practice_id>/", practices.PracticeDetail.as_view(), name="practice"),
    path("practices/<int:practice_id>/rates/", practices.RateList.as_view(), name="rates"),
    path("users/", people.UserList.as_view(), name="users"),
    path("users/<int:user_id>/", people.UserDetail.as_view(), name="user"),
    path("users/<int:user_id>/reactivate/", people.Reactivate.as_view(), name="reactivate-user"),
    path("invitations/", invitations.InvitationList.as_view(), name="invitations"),
    path("invitations/accept/", invitations.AcceptInvitation.as_view(), name="accept-invitation"),
    path("invitations/<int:invitation_id>/", invitations.InvitationDetail.as_view(), name="invitation"),
    path("invitations/<int:invitation_id>/revoke/", invitations.RevokeInvitation.as_view(), name="revoke-invitation"),
    path("api-keys/", keys.KeyList.as_view(), name="api-keys"),
    path("api-keys/<int:key_id>/", keys.KeyDetail.as_view(), name="api-key"),
    path("api-keys/<int:key_id>/rotate/", keys.RotateKey.as_view(), name="rotate-api-key"),
    path("api-keys/<int:key_id>/revoke/", keys.RevokeKey.as_view(), name="revoke-api-key"),
    path("password-reset/", passwords.AskForReset.as_view(), name="password-reset"),
    path("password-reset/confirm/", passwords.ConfirmReset.as_view(), name="confirm-password-reset"),
    path("llm-calls/", spending.LLMCallList.as_view(), name="llm-calls"),
    path("budgets/", spending.BudgetList.as_view(), name="budgets"),
    path("budgets/<int:budget_id>/", spending.BudgetDetail.as_view(), name="budget"),
    path("webhooks/", webhooks.WebhookList.as_view(), name="webhooks"),
    path("webhooks/<int:webhook_id>/", webhooks.WebhookDetail.as_view(), name="webhook"),
    path("webhooks/<int:webhook_id>/deliveries/", webhooks.DeliveryList.as_view(), name="webhook-deliveries"),
    path("webhooks/<int:webhook_id>/rotate/", webhooks.RotateWebhook.as_view(), name="rotate-webhook"),
    path("webhooks/<int:webhook_id>/enable/", webhooks.EnableWebhook.as_view(), name="enable-webhook"),
    path("webhooks/<int:webhook_id>/test/", webhooks.TryWebhook.as_view(), name="test-webhook"),
    path("audit-events/", trail.AuditEventList.as_view(), name="audit-events"),
]
