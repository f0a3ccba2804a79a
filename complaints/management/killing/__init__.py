"""Letters drafted while what drafts them is killed: worker, web server, Redis and PostgreSQL, with signal 9.

Everything is real and of its own, in a folder of its own: servers, workers, a simulated provider of models. Letters are
asked for by REST and asked for again until there is an answer, as a client with an Idempotency-Key does. In the end
the tables are held against what the provider saw.

    python -m complaints.management.killing --kills 200      # prints JSON; see storm.py for the figures

What "charged once" means: when the answer to a question is stored, the question is never asked again, by nobody. An
answer that was on its way, or not yet stored, when its worker or the database was killed is paid for and lost; the
question is asked once more. Each call that was answered and booked is one call of the provider's, at its price; each
other call of the provider's has a reservation that was settled as cancelled or reclaimed as lost.
"""
