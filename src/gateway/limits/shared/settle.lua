-- Sets right what a request was taken to cost, once; the same as `Counters::settle`. A lease that has run out has been
-- charged what was estimated, and stays so.
--
-- KEYS: the account, the leases.
-- ARGV: the lease, the period it was lent in, and by how much the cost differs from the estimate (tokens,
--       thousand-millionths of a dollar).

if redis.call('ZREM', KEYS[2], ARGV[1]) == 0 then return 0 end
local stored = redis.call('HMGET', KEYS[1], 'tokens', 'period', 'spent_tokens', 'spent_nanos')
if not stored[1] then return 0 end
local function right(field, index, difference)
  local number = math.max(0, tonumber(stored[index]) + tonumber(difference))
  redis.call('HSET', KEYS[1], field, string.format('%.6f', number))
end
right('tokens', 1, ARGV[3])
if tonumber(stored[2]) == tonumber(ARGV[2]) then
  right('spent_tokens', 3, ARGV[3])
  right('spent_nanos', 4, ARGV[4])
end
return 1
