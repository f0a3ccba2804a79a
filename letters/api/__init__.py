"""Letters over the REST API."""
