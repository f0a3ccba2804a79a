"""Benchmarks of letters."""
