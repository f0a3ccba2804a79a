"""Whole answers, with their retries and their fallback under one deadline."""

import openai
from django.conf import settings
from openai.types.chat import ChatCompletion

from lightpoint.llm import routing
from lightpoint.llm.answers import UNREADABLE, as_ours, checked, malformed, model_named, usage_of
from lightpoint.llm.records import Completion, Prompt, Tier, Usage
from lightpoint.llm.requests import arguments, client_now, deadline_of
from lightpoint.llm.routing import Route, Stage, Stakes
from lightpoint.llm.streams import Stream
from lightpoint.llm.upstream import Caller, Choice, Upstream, first_answer
from lightpoint.outgoing import attempts, until


def route(stage: Stage, *, length: int = 0, stakes: Stakes = "none") -> Route:
    """The tier for a stage with `length` tokens of input, in a letter of type `stakes`, and why; see routing.choose."""
    return routing.choose(stage, length=length, stakes=stakes, settled=settings.LLM_ROUTES)


def complete(prompt: Prompt, tier: Tier | Route, *, deadline: float | None = None) -> Completion:
    """The whole answer to `prompt`. Raises LLMError, also for an answer that is truncated or in another shape.

    `deadline` is one of `time.monotonic`; without one the call ends LLM_DEADLINE_SECONDS from now at the latest. The
    answer is of one model: that of the tier, or its fallback from the beginning. Raises too what the accountant raises.
    """
    ends = deadline_of(deadline)
    client = client_now()
    caller = Caller.now()

    def ask(choice: Choice) -> Completion:
        if caller.cancellation is not None:
            return _streamed(client, prompt, choice, ends)
        try:
            return attempts(
                lambda: _call(client, prompt, choice, caller, ends),
                retries=settings.LLM_RETRIES,
                deadline=ends,
                allowed=caller.may_retry,
            )
        except openai.OpenAIError as error:
            raise as_ours(error) from None

    with until(ends):
        return first_answer(tier, ask)


def _streamed(client: openai.OpenAI, prompt: Prompt, choice: Choice, ends: float) -> Completion:
    """The same for a call that may be ended: of one that is not a stream, providers do not notice that its client left.

    So it is with llama.cpp's server, and OpenRouter ("Stream Cancellation") says it of its own.
    """
    with Stream(client, prompt, choice, ends) as pieces:
        for _ in pieces:
            pass
        return pieces.completion


def _call(client: openai.OpenAI, prompt: Prompt, choice: Choice, caller: Caller, ends: float) -> Completion:
    """One call. Raises what the client does where it may be worth another, else LLMError."""
    upstream = Upstream(prompt, choice, caller)
    usage: Usage | None = None
    text = ""
    try:
        answer = client.chat.completions.create(**arguments(prompt, choice.model, ends), stream=False)
        found = _read(answer, choice.model)
        usage, text = found.usage, found.text
        checked(found, prompt)
    except BaseException as error:
        upstream.failed(error, usage, text, cancelled=False)
        if isinstance(error, UNREADABLE):
            raise malformed() from None
        raise
    upstream.succeeded(usage, text)
    return found


def _read(answer: ChatCompletion, model: str) -> Completion:
    choice = answer.choices[0]
    return Completion(
        text=choice.message.content or "",
        model=model_named(answer.model, model),
        finish_reason=choice.finish_reason,
        usage=usage_of(answer.usage),
    )
