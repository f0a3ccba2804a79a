"""The guidance over the REST API: read and searched by everybody, since it belongs to no practice."""
