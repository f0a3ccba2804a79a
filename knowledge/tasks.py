"""Jobs of the knowledge base: each calls one service."""

from procrastinate.contrib.django import app

from knowledge.services.chunking import embed_missing
from lightpoint.telemetry.jobs import bind_job

AT_ONCE = 256  # chunks of one job: some seconds, after which other jobs have their turn


@app.periodic(cron="* * * * *")
@app.task(name="knowledge.embed_chunks", queue="upkeep", lock="embed-chunks", queueing_lock="embed-chunks")
def embed_chunks(timestamp: int) -> None:  # noqa: ARG001 - procrastinate's signature
    """Give the chunks that were written since the last time their vectors."""
    with bind_job("knowledge.embed_chunks"):
        embed_missing(limit=AT_ONCE)
