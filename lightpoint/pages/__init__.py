"""What the pages of every app share: they stand in the browser admin, their lists cost the same at any size, their
writes answer with a message, and a browser is told to run nothing that did not come from here.
"""

from lightpoint.pages.answers import came_from, hidden_version, page, tell, tell_form
from lightpoint.pages.bodies import BodyLimit
from lightpoint.pages.lists import BoundedPaginator, WorkList
from lightpoint.pages.security import ContentSecurityPolicy, PageProblems

__all__ = [
    "BodyLimit",
    "BoundedPaginator",
    "ContentSecurityPolicy",
    "PageProblems",
    "WorkList",
    "came_from",
    "hidden_version",
    "page",
    "tell",
    "tell_form",
]
