"""Shapes that several addresses answer with."""

from typing import Any, get_args

from rest_framework import serializers

from knowledge.comparison.changes import PieceKind
from knowledge.comparison.figures import FigureKind

FIGURE_KINDS = get_args(FigureKind)
PIECE_KINDS = get_args(PieceKind)


class ChangePiece(serializers.Serializer[Any]):
    """Words that stayed, went or came."""

    kind = serializers.ChoiceField(choices=PIECE_KINDS)
    text = serializers.CharField(trim_whitespace=False)
