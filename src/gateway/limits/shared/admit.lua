-- Lends a request what it is going to take, over all replicas at once; the same as `Counters::admit`.
--
-- KEYS: the account, the leases (a sorted set by the time they end).
-- ARGV: limits (requests and tokens a minute, concurrency, budgets in tokens and thousand-millionths of a dollar; -1: none),
--       what is reserved (tokens, thousand-millionths of a dollar), the period of budgets, the lease, for how many
--       milliseconds it holds, and for how many the account is kept (0: for ever).
-- Gives: what there is too little of (0 nothing, 1 requests, 2 tokens, 3 concurrency, 4 budget), the milliseconds to wait,
--        and how the account stands.

local function limit(index)
  local number = tonumber(ARGV[index])
  if number >= 0 then return number end
end

local per_minute = { requests = limit(1), tokens = limit(2) }
local concurrency, budget_tokens, budget_nanos = limit(3), limit(4), limit(5)
local tokens, nanos, period = tonumber(ARGV[6]), tonumber(ARGV[7]), tonumber(ARGV[8])
local lease, lease_millis, kept_millis = ARGV[9], tonumber(ARGV[10]), tonumber(ARGV[11])

local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local stored = redis.call('HMGET', KEYS[1], 'at', 'requests', 'tokens', 'period', 'spent_tokens', 'spent_nanos')
local function field(index) return tonumber(stored[index] or '0') end

local elapsed = math.max(0, now - field(1))
local function left(used, limit)
  if limit then return math.max(0, used - elapsed * limit / 60000) end
  return 0
end
local used = { requests = left(field(2), per_minute.requests), tokens = left(field(3), per_minute.tokens) }
local spent_period, spent_tokens, spent_nanos = field(4), field(5), field(6)
if period > spent_period then
  spent_period, spent_tokens, spent_nanos = period, 0, 0
end
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now)
local in_flight = redis.call('ZCARD', KEYS[2])

local function wait(what, more)
  local limit = per_minute[what]
  if not limit then return 0 end
  local over = used[what] + more - limit
  if over <= 0.000001 then return 0 end
  return math.ceil(over * 60000 / limit)
end

local short, millis = 0, 0
if (budget_tokens and spent_tokens >= budget_tokens) or (budget_nanos and spent_nanos >= budget_nanos) then
  short = 4
elseif concurrency and in_flight >= concurrency then
  short = 3
else
  millis = wait('requests', 1)
  if millis > 0 then
    short = 1
  else
    millis = wait('tokens', tokens)
    if millis > 0 then short = 2 end
  end
end

if short == 0 then
  used.requests, used.tokens = used.requests + 1, used.tokens + tokens
  spent_tokens, spent_nanos, in_flight = spent_tokens + tokens, spent_nanos + nanos, in_flight + 1
  local function text(number) return string.format('%.6f', number) end
  redis.call('HSET', KEYS[1], 'at', math.max(now, field(1)), 'requests', text(used.requests), 'tokens', text(used.tokens),
    'period', spent_period, 'spent_tokens', text(spent_tokens), 'spent_nanos', text(spent_nanos))
  if kept_millis > 0 then
    redis.call('PEXPIRE', KEYS[1], kept_millis)
  else
    redis.call('PERSIST', KEYS[1])
  end
  redis.call('ZADD', KEYS[2], now + lease_millis, lease)
  redis.call('PEXPIRE', KEYS[2], lease_millis * 2)
end

local answer = { short, millis, used.requests, used.tokens, in_flight, spent_period, spent_tokens, spent_nanos }
for index, number in ipairs(answer) do answer[index] = string.format('%.6f', number) end
return answer
