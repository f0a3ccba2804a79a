"""What the product says about its own work: request ids, logs, timings, metrics, health and errors.

Nothing in here is needed to do the work: what cannot be recorded costs figures, never an answer. No text of a document
and nothing about a person goes into a log line, a metric or an error report; routes, classes, places in the code and
numbers do.
"""
