"""The database engine of the product: Django's PostgreSQL, with two roles and, where no server is named, its own."""
