"""Benchmarks of cases."""
