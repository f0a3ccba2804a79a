-- Count a request against the limits of KEYS, all or none of them, by a log of the times of the requests let through.
-- ARGV[1] is 1 to count it and 0 to only look; then the limit and the window in microseconds of each key.
-- Returns the time, whether it is let through, and for each key how many are in its window and when the first was.
-- A log holds at most as many times as its limit, and goes when the last of them has left the window.
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
local stamp = string.format('%.0f', now)

local function set_back(key)  -- the clock was set back: what seems to come is held to have been just now
  local length = redis.call('LLEN', key)
  redis.call('DEL', key)
  for _ = 1, length do redis.call('RPUSH', key, stamp) end
end

local function still_counted(key, window)
  local newest = redis.call('LINDEX', key, -1)
  if newest and tonumber(newest) > now then set_back(key) end
  local oldest = redis.call('LINDEX', key, 0)
  while oldest and now - tonumber(oldest) > window do
    redis.call('LPOP', key)
    oldest = redis.call('LINDEX', key, 0)
  end
  return redis.call('LLEN', key)
end

local allowed = 1
for i, key in ipairs(KEYS) do
  if still_counted(key, tonumber(ARGV[2 * i + 1])) >= tonumber(ARGV[2 * i]) then allowed = 0 end
end

local answer = {now, allowed}
for i, key in ipairs(KEYS) do
  if allowed == 1 and ARGV[1] == '1' then redis.call('RPUSH', key, stamp) end
  local length = redis.call('LLEN', key)
  if length > 0 then redis.call('PEXPIRE', key, math.ceil(ARGV[2 * i + 1] / 1000) + 1000) end
  answer[#answer + 1] = length
  answer[#answer + 1] = tonumber(redis.call('LINDEX', key, 0) or now)
end
return answer
