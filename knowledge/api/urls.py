from django.urls import path

from knowledge.api import assistants, chat, sections, sources, staging

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
    path("guidance/sections/<str:identifier>/changes/", sections.SectionChanges.as_view(), name="section-changes"),
    path("guidance/sources/", sources.SourceList.as_view(), name="sources"),
    path("guidance/sources/<int:source_id>/", sources.SourceDetail.as_view(), name="source"),
    path("guidance/sources/<int:source_id>/share/", sources.SourceShare.as_view(), name="share-source"),
    path("guidance/sources/<int:source_id>/unshare/", sources.SourceUnshare.as_view(), name="unshare-source"),
    path("guidance/staged/", staging.StagedList.as_view(), name="staged-list"),
    path("guidance/staged/<int:staged_id>/", staging.StagedDetail.as_view(), name="staged"),
    path("guidance/staged/<int:staged_id>/compare/", staging.StagedCompare.as_view(), name="compare-staged"),
    path("guidance/staged/<int:staged_id>/merge/", staging.StagedMerge.as_view(), name="merge-staged"),
    path("guidance/staged/<int:staged_id>/decide/", staging.StagedDecide.as_view(), name="decide-staged"),
    path("guidance/staged/<int:staged_id>/undo/", staging.StagedUndo.as_view(), name="undo-staged"),
]
