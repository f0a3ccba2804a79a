"""Pages of the knowledge base: search and read, browse by source, and decide about uploads."""

from knowledge.views.guidance import guidance, section
from knowledge.views.sources import share, source, sources, unshare
from knowledge.views.staging import compare, decided, staged, staging, undone, upload

__all__ = [
    "compare",
    "decided",
    "guidance",
    "section",
    "share",
    "source",
    "sources",
    "staged",
    "staging",
    "undone",
    "unshare",
    "upload",
]
