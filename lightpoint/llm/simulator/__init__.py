"""A provider of language models on this machine, over real HTTP: for tests and benches, with no key and no cost.

    with Simulator(answer=lambda request: "Dear Sir", time_scale=0.05) as provider:
        with override_settings(**provider.settings()):  # or os.environ.update(provider.environment())
            complete(prompt, "fast")
    provider.calls[0].written, provider.bill

It speaks chat/completions of the OpenAI API, whole (JSON) and as a stream of events with usage. Each model has a time
to the first token, tokens a second and prices; both times are divided by one factor a call, drawn evenly within
`spread` of 1. The draw depends on the seed, the request and how often it came before, not on the order of arrival, so
that a run can be repeated. A simulated second takes `time_scale` real ones, and other ones where `clock` is paced
while it runs; the times of calls are simulated ones.

Tokens are counted by lightpoint.language.tokens. A prompt that begins like an earlier one of the same model is charged
as cached as far as they agree, in steps of 128 tokens and from 1,024 on, as providers do (OpenAI, "Prompt caching";
Anthropic, "Prompt caching": 1,024 at least for most models). A prefix is known from the first token of the call that
brought it, so that calls which start together share nothing, and for five simulated minutes after its last use. It
caches by itself: the marks that some models want are let through and mean nothing.

Faults are scripted (`Config.faults`). A call that is refused by status costs nothing; any other one costs its input and
what was written of its answer until its end, also when the client left.
"""

from lightpoint.llm.simulator.classes import CLASSES, Config, Fault, ModelClass, a_share, in_turn
from lightpoint.llm.simulator.replies import Answer, Call
from lightpoint.llm.simulator.server import Simulator

__all__ = ["CLASSES", "Answer", "Call", "Config", "Fault", "ModelClass", "Simulator", "a_share", "in_turn"]
