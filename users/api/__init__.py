"""People and practices over the REST API."""
