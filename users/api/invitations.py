"""Invitations over the REST API."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from lightpoint.rest.filters import ChoiceFilter, Filters, WordsFilter
from lightpoint.rest.serializers import Input
from lightpoint.rest.views import ApiView
from users.api.base import PublicView, shown_once
from users.api.people import ROLES, UserOutput
from users.models import Invitation
from users.roles import Action, Role
from users.selectors import visible_invitations, visible_practices
from users.services import accept_invitation, invite_user, revoke_invitation


class InvitationOutput(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    practice = serializers.IntegerField(source="practice_id")
    email = serializers.EmailField()
    role = serializers.ChoiceField(choices=ROLES)
    state = serializers.SerializerMethodField()
    invited_by = serializers.IntegerField(source="invited_by_id", allow_null=True)
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()

    def get_state(self, invitation: Invitation) -> str:
        """open, accepted, revoked or expired."""
        return invitation.state(self.context["now"])


class NewInvitationOutput(InvitationOutput):
    token = serializers.CharField(
        allow_null=True,
        help_text="What the link in the message holds. Shown here once; null when an Idempotency-Key is repeated.",
    )


class InvitationFilters(Filters):
    role = ChoiceFilter(choices=ROLES, help_text="Invitations to this role.")
    email = WordsFilter(field_name="email", lookup_expr="istartswith", help_text="How the address begins.")


class InvitationList(ApiView):
    """Invitations into the caller's practice."""

    actions: ClassVar[Mapping[str, Action]] = {"GET": "user.invite", "POST": "user.invite"}
    creates = True
    filters = InvitationFilters
    orderings: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "-created_at": ("-created_at", "-pk"),
        "created_at": ("created_at", "pk"),
    }

    class InvitationInput(Input):
        email = serializers.EmailField(max_length=254)
        role = serializers.ChoiceField(choices=ROLES)
        practice = serializers.IntegerField(
            min_value=1, max_value=2**63 - 1, required=False, help_text="For staff of the platform; else one's own."
        )

    @extend_schema(operation_id="list_invitations", responses=InvitationOutput(many=True))
    def get(self, request: Request) -> Response:
        """A page of invitations, the newest first."""
        return self.page(visible_invitations(self.caller), InvitationOutput, now=self.now)

    @extend_schema(operation_id="invite_user", request=InvitationInput, responses={201: NewInvitationOutput})
    def post(self, request: Request) -> Response:
        """Send an invitation by e-mail. Nobody invites to a role above their own."""
        sent = self.body(self.InvitationInput)
        practice = self.found(visible_practices(self.caller), pk=sent.get("practice", self.caller.practice_id))
        invited = invite_user(
            practice=practice, email=sent["email"], role=Role(sent["role"]), by=self.caller, now=self.now
        )
        shown = {**InvitationOutput(invited.invitation, context={"now": self.now}).data, "token": invited.token}
        where = reverse("users-api:invitation", args=[invited.invitation.pk])
        return shown_once(self.created(shown, location=where), "token")


class InvitationDetail(ApiView):
    """One invitation."""

    actions: ClassVar[Mapping[str, Action]] = {"GET": "user.invite"}

    @extend_schema(operation_id="get_invitation", responses=InvitationOutput)
    def get(self, request: Request, invitation_id: int) -> Response:
        """How it stands."""
        invitation = self.found(visible_invitations(self.caller), pk=invitation_id)
        return self.answer(InvitationOutput(invitation, context={"now": self.now}).data)


class RevokeInvitation(ApiView):
    """Takes an invitation back."""

    actions: ClassVar[Mapping[str, Action]] = {"POST": "user.invite"}

    @extend_schema(operation_id="revoke_invitation", request=None, responses=InvitationOutput)
    def post(self, request: Request, invitation_id: int) -> Response:
        """The link works no more."""
        invitation = self.found(visible_invitations(self.caller), pk=invitation_id)
        invitation = revoke_invitation(invitation=invitation, by=self.caller, now=self.now)
        return self.answer(InvitationOutput(invitation, context={"now": self.now}).data)


class AcceptInvitation(PublicView):
    """Lets in somebody who is invited; the token is what lets them."""

    creates = True

    class AcceptInput(Input):
        token = serializers.CharField(max_length=100)
        name = serializers.CharField(max_length=120)
        password = serializers.CharField(max_length=4096, trim_whitespace=False, write_only=True)

    @extend_schema(operation_id="accept_invitation", request=AcceptInput, responses={201: UserOutput}, auth=[])
    def post(self, request: Request) -> Response:
        """Set a password, once."""
        user = accept_invitation(**self.body(self.AcceptInput), now=self.now)
        return self.created(UserOutput(user).data, location=reverse("users-api:user", args=[user.pk]))
