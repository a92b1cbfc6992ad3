-- Says that requests still run, so that their leases do not end. Those of a replica that has crashed do.
--
-- KEYS: the leases of a key. ARGV: for how many milliseconds they hold, then the leases.

local time = redis.call('TIME')
local ends = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000) + tonumber(ARGV[1])
for index = 2, #ARGV do
  redis.call('ZADD', KEYS[1], 'XX', ends, ARGV[index])
end
redis.call('PEXPIRE', KEYS[1], tonumber(ARGV[1]) * 2)
return #ARGV - 1
