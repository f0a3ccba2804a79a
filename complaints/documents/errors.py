"""The one exception a reader raises when a file cannot be used."""

from complaints.documents.records import Problem, ProblemKind


class UnreadableFileError(Exception):
    """A file that gives no pages; `problem` says why, in words for the adviser."""

    def __init__(self, kind: ProblemKind, detail: str) -> None:
        super().__init__(detail)
        self.problem = Problem(kind=kind, detail=detail)
