from django.urls import path

from knowledge.api import assistants, chat, sections

app_name = "knowledge-api"
urlpatterns = [
    path("guidance/search/", sections.Search.as_view(), name="search"),
    path("guidance/sections/", sections.SectionList.as_view(), name="sections"),
    path("guidance/sections/<str:identifier>/", sections.SectionDetail.as_view(), name="section"),
    path("guidance/sections/<str:identifier>/versions/", sections.VersionList.as_view(), name="versions"),
    path(
        "guidance/sections/<str:identifier>/versions/<str:version>/",
        sections.VersionDetail.as_view(),
        name="version",
    ),
    path("conversations/", chat.ConversationList.as_view(), name="conversations"),
    path("conversations/<int:conversation_id>/", chat.ConversationDetail.as_view(), name="conversation"),
    path("conversations/<int:conversation_id>/export/", chat.ExportConversation.as_view(), name="export-conversation"),
    path("conversations/<int:conversation_id>/messages/", chat.MessageList.as_view(), name="messages"),
    path("conversations/<int:conversation_id>/messages/stream/", chat.MessageStream.as_view(), name="stream"),
    path(
        "conversations/<int:conversation_id>/messages/<int:message_id>/", chat.MessageDetail.as_view(), name="message"
    ),
    path(
        "conversations/<int:conversation_id>/messages/<int:message_id>/again/",
        chat.AskAgain.as_view(),
        name="ask-again",
    ),
    path(
        "conversations/<int:conversation_id>/messages/<int:message_id>/feedback/",
        chat.GiveFeedback.as_view(),
        name="give-feedback",
    ),
    path("chat-feedback/", chat.FeedbackList.as_view(), name="chat-feedback"),
    path("assistants/", assistants.AssistantList.as_view(), name="assistants"),
    path("assistants/<int:assistant_id>/", assistants.AssistantDetail.as_view(), name="assistant"),
    path("assistant/ask/", assistants.AskAssistant.as_view(), name="ask-assistant"),
]
