"""The boundary to language models: a frozen Prompt in, a frozen Completion or a stream of text out, one LLMError.

    answer = complete(Prompt(system=..., messages=(Message("user", ...),), max_tokens=400, purpose="chat"), "fast")

    with stream(prompt, route("section", length=3_000, stakes="complaint_tier_2")) as pieces:
        for piece in pieces:
            send(piece)
    pieces.completion.usage

Nothing else in the product knows HTTP, keys or vendors. Prompts and answers are never logged, nor part of an error.

    records      Prompt, Completion, Usage, LLMError: what goes in and out
    routing      which tier a stage of the work is given to, and why; pure
    calls        `complete`, and `route` with the settings
    streams      `stream`: pieces, closing, one model for one text
    requests     what the client is called with, and until when
    upstream     one call of one model, from reservation to settlement; the fallback of a tier
    guards       the budget of retries of a provider, and the breaker of a model
    accounting   `charged_to`: who is asked before each call, and told after it
    cancelling   `cancelled_by`: ending calls from another thread, at the provider too
    prices       what tokens cost
    answers      what a provider answered, read and checked
    simulator    a provider on this machine, for tests and benches

What holds together: a call, with its retries and its fallback, ends at one deadline. Retries and fallbacks are a tenth
of the calls at most, and made before the first piece only. Each call that is sent was let through by the breaker of its
model, reserved for with the accountant of the context, and is settled with it once, however it ends.
"""

from lightpoint.llm.accounting import Accountant, Attempted, charged_to
from lightpoint.llm.calls import complete, route
from lightpoint.llm.cancelling import Cancellation, cancelled_by
from lightpoint.llm.prices import Price, cost_of, price_of
from lightpoint.llm.records import Code, Completion, LLMError, Message, Prompt, Tier, Usage
from lightpoint.llm.requests import deadline_for, is_configured
from lightpoint.llm.routing import Route, Stage, Stakes
from lightpoint.llm.streams import Stream, stream
from lightpoint.llm.upstream import model_of

__all__ = [
    "Accountant",
    "Attempted",
    "Cancellation",
    "Code",
    "Completion",
    "LLMError",
    "Message",
    "Price",
    "Prompt",
    "Route",
    "Stage",
    "Stakes",
    "Stream",
    "Tier",
    "Usage",
    "cancelled_by",
    "charged_to",
    "complete",
    "cost_of",
    "deadline_for",
    "is_configured",
    "model_of",
    "price_of",
    "route",
    "stream",
]
