"""Measurements against a named baseline: `manage.py bench NAME` runs `lightpoint.benchmarks.NAME.run`."""
