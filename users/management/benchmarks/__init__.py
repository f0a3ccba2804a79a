"""Measurements of what the app of practices and people promises; `manage.py bench NAME` runs them."""
