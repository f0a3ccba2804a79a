"""What is done in Redis in one go. A lease is a version and a token of who holds it; only its holder may store."""

from functools import cache
from typing import cast

import redis
from redis.commands.core import Script

from lightpoint.cache.stored import VERSION_BYTES
from lightpoint.redis_link import link

DAY_MS = 24 * 60 * 60 * 1000
VERSION_MS = 30 * DAY_MS  # a version that nobody bumps for so long is made anew, at the cost of one computation

CLAIM = f"""
local version = redis.call('GET', KEYS[1])
if not version then
  version = ARGV[1]
  redis.call('SET', KEYS[1], version, 'PX', {VERSION_MS})
end
local value = redis.call('GET', KEYS[2])
if value and string.sub(value, 2, {VERSION_BYTES + 1}) == version then
  local clock = redis.call('TIME')
  local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
  local fresh = tonumber(string.sub(value, {VERSION_BYTES + 2}, {VERSION_BYTES + 14})) > now
  if fresh or ARGV[4] == '0' then return {{version, value, 0}} end
end
local held = redis.call('GET', KEYS[3])
if held and string.sub(held, 1, {VERSION_BYTES}) == version then return {{version, false, 0}} end
redis.call('SET', KEYS[3], version .. ARGV[2], 'PX', ARGV[3])
return {{version, false, 1}}
"""

STORE = """
if redis.call('GET', KEYS[2]) ~= ARGV[1] then return 0 end
local clock = redis.call('TIME')
local fresh = clock[1] * 1000 + math.floor(clock[2] / 1000) + ARGV[3]
redis.call('SET', KEYS[1], '1' .. ARGV[2] .. string.format('%013.0f', fresh) .. ARGV[5], 'PX', ARGV[4])
redis.call('DEL', KEYS[2])
return 1
"""

RELEASE = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0"
RENEW = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) end return 0"


def run(source: str, keys: list[str], args: list[bytes | int]) -> list[bytes | int | None]:
    """The answer of a script, as a list. Raises Unreachable."""
    answer = link.call(lambda client: _script(source)(keys=keys, args=args, client=client))
    return answer if isinstance(answer, list) else [answer]


def read(*keys: str) -> list[bytes | None]:
    """What stands under `keys`, in one round trip. Raises Unreachable."""
    found = link.call(lambda client: client.mget(keys))
    return cast("list[bytes | None]", found)


@cache
def _script(source: str) -> Script:
    return Script(redis.Redis(), source)
