"""Reads of conversations. They are seen by the person who leads them, and by nobody else, staff included."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import Prefetch, QuerySet

from knowledge.models import Assistant, Citation, Conversation, Feedback, Message
from users.models import User

Somebody = User | AnonymousUser


def visible_conversations(user: Somebody) -> QuerySet[Conversation]:
    """The conversations that `user` leads in the practice that they are of now."""
    if not isinstance(user, User) or not user.is_active:
        return Conversation.objects.none()
    rows = Conversation.objects.filter(created_by=user)
    return rows.filter(practice=None) if user.practice_id is None else rows.filter(practice_id=user.practice_id)


def visible_messages(user: Somebody) -> QuerySet[Message]:
    """What was said in the conversations that `user` sees, with citations and the user's own feedback."""
    if not isinstance(user, User) or not user.is_active:
        return Message.objects.none()
    return with_citations(Message.objects.filter(conversation__in=visible_conversations(user)), user)


def with_citations(rows: QuerySet[Message], user: User) -> QuerySet[Message]:
    """`rows` with their citations and the feedback of `user`: two queries more, however many rows."""
    cited = Citation.objects.select_related("section_version")
    mine = Prefetch("feedback", Feedback.objects.filter(by=user), to_attr="own_feedback")
    return rows.prefetch_related(Prefetch("citations", cited), mine)


def visible_assistants(user: Somebody) -> QuerySet[Assistant]:
    """The assistants of the user's practice; all of them for staff of the platform."""
    if not isinstance(user, User) or not user.is_active:
        return Assistant.objects.none()
    rows = Assistant.objects.select_related("source", "api_key")
    if user.is_superuser:
        return rows
    return rows.none() if user.practice_id is None else rows.filter(practice_id=user.practice_id)


def visible_feedback(user: Somebody) -> QuerySet[Feedback]:
    """What people of the user's practice say of answers; for staff of the platform what all say."""
    if not isinstance(user, User) or not user.is_active:
        return Feedback.objects.none()
    if user.is_superuser:
        return Feedback.objects.all()
    return (
        Feedback.objects.none() if user.practice_id is None else Feedback.objects.filter(practice_id=user.practice_id)
    )
