"""From facts and guidance to route, delays, failings, remedies, costs, deadlines and weaknesses. Pure, no Django."""

from complaints.analysis.analyse import analyse

__all__ = ["analyse"]
