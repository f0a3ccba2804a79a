"""How often a user, a key, a practice or an address may do what.

    class Drafts(ApiView):
        limit = "letters"                       # ApiView calls check(request, "letters")

    @limited("sign-in", methods=["POST"])       # the view of a page
    def sign_in(request): ...

    consume("sign-in", subject_of(request, "address"), now=now)

The limits are in settings.RATE_LIMITS. None of them is ever exceeded in any window, edges or not, while Redis runs.
"""

from lightpoint.ratelimit.addresses import client_address
from lightpoint.ratelimit.counting import consume, consume_all, forget, peek
from lightpoint.ratelimit.decisions import Decision, LimitExceeded
from lightpoint.ratelimit.rates import Limit, limit_named
from lightpoint.ratelimit.web import RateLimitMiddleware, check, limited, subject_of

__all__ = [
    "Decision",
    "Limit",
    "LimitExceeded",
    "RateLimitMiddleware",
    "check",
    "client_address",
    "consume",
    "consume_all",
    "forget",
    "limit_named",
    "limited",
    "peek",
    "subject_of",
]
