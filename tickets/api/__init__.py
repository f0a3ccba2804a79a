"""Tickets and the figures of a practice over the REST API."""
