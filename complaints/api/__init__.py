"""Complaints, their documents and the work on them over the REST API."""
