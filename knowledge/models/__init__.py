"""The rows of the knowledge base."""

from knowledge.models.chat import Assistant, Citation, Conversation, Feedback, KeptAnswer, Message
from knowledge.models.chunks import Chunk, Embedding
from knowledge.models.guidance import SEARCH_CONFIG, Section, SectionVersion, SectionVersionQuerySet, Source
from knowledge.models.sketches import SectionSketch
from knowledge.models.staging import StagedSection

__all__ = [
    "SEARCH_CONFIG",
    "Assistant",
    "Chunk",
    "Citation",
    "Conversation",
    "Embedding",
    "Feedback",
    "KeptAnswer",
    "Message",
    "Section",
    "SectionSketch",
    "SectionVersion",
    "SectionVersionQuerySet",
    "Source",
    "StagedSection",
]
