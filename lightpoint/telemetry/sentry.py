"""Sentry, when SENTRY_DSN is set: what broke and where, nothing of what it broke on (lightpoint.telemetry.scrub)."""

from typing import TYPE_CHECKING

import sentry_sdk
from django.conf import settings
from sentry_sdk.envelope import Envelope
from sentry_sdk.integrations.atexit import AtexitIntegration
from sentry_sdk.integrations.dedupe import DedupeIntegration
from sentry_sdk.integrations.django import DjangoIntegration
from sentry_sdk.integrations.excepthook import ExcepthookIntegration
from sentry_sdk.integrations.logging import LoggingIntegration
from sentry_sdk.integrations.threading import ThreadingIntegration
from sentry_sdk.transport import HttpTransport

from lightpoint.telemetry.scrub import clean_breadcrumb, clean_event, clean_transaction, current_tags

if TYPE_CHECKING:
    from sentry_sdk._types import DataCollectionUserOptions

NOTHING: "DataCollectionUserOptions" = {  # not even collected, though the scrubber would leave it out
    "user_info": False,
    "cookies": {"mode": "off"},
    "http_headers": {"request": {"mode": "off"}},
    "http_bodies": [],
    "url_query_params": {"mode": "off"},
    "database_query_data": False,
    "queues": False,
    "stack_frame_variables": False,
    "frame_context_lines": 0,
}


class NarrowTransport(HttpTransport):
    """Sends what the scrubber made and nothing beside it: no attachments, sessions, logs, or baggage of a client."""

    def capture_envelope(self, envelope: Envelope) -> None:
        """Send the errors and timings of `envelope` under its own id and time."""
        headers = {name: value for name, value in envelope.headers.items() if name in {"event_id", "sent_at"}}
        items = [item for item in envelope.items if item.type in {"event", "transaction"}]
        if items:
            super().capture_envelope(Envelope(headers=headers, items=items))


def start() -> None:
    """Begin to report to SENTRY_DSN."""
    sentry_sdk.init(
        dsn=settings.SENTRY_DSN,
        release=settings.RELEASE,
        environment=settings.SENTRY_ENVIRONMENT,
        traces_sample_rate=settings.SENTRY_TRACES_RATE or None,
        before_send=clean_event,
        before_send_transaction=clean_transaction,
        before_breadcrumb=clean_breadcrumb,
        before_send_log=lambda _, __: None,
        before_send_metric=lambda _, __: None,
        data_collection=NOTHING,
        transport=NarrowTransport,
        server_name="",
        trace_propagation_targets=[],
        auto_session_tracking=False,
        send_client_reports=False,
        spotlight=False,
        default_integrations=False,
        auto_enabling_integrations=False,
        integrations=[
            DjangoIntegration(transaction_style="function_name", signals_spans=False),
            LoggingIntegration(),
            AtexitIntegration(callback=lambda _, __: None),
            DedupeIntegration(),
            ExcepthookIntegration(),
            ThreadingIntegration(),
        ],
    )


def tag_work() -> None:
    """Put the tags of the work at hand on what is sent after it has ended: the timing of a request."""
    if not sentry_sdk.get_client().is_active():
        return
    scope = sentry_sdk.get_isolation_scope()
    for name, value in current_tags().items():
        if value:
            scope.set_tag(name, value)
