#!lua flags=allow-oom
-- Drops the oldest buckets of ids until at most `idsMax` of them, and `percent` of what is there, or one bucket is left.
-- It may run when memory is used up, since it gives some back.
-- ARGV: 1 prefix, 2 idsMax, 3 percent, 4 the most buckets to drop
-- Answers {buckets dropped, ids left}.
local call = redis.call
local prefix, idsMax, percent = ARGV[1] .. 'tp:', tonumber(ARGV[2]), tonumber(ARGV[3])
local bucketsMax = tonumber(ARGV[4])

local meta = call('HMGET', prefix .. 'meta', 'count', 'floor')
local count, floor = tonumber(meta[1] or '0'), tonumber(meta[2] or '0')
local target = math.min(idsMax, math.floor(count * percent / 100))
local oldest = {}
if count > target then oldest = call('ZRANGE', prefix .. 'buckets', 0, bucketsMax) end

local dropped = 0
-- The last one read is kept: it may be the newest of all.
for i = 1, #oldest - 1 do
  if count <= target then break end
  local ids = prefix .. 'ids:' .. oldest[i]
  count = count - call('HLEN', ids)
  call('UNLINK', ids)
  call('ZREM', prefix .. 'buckets', oldest[i])
  floor = math.max(floor, tonumber(oldest[i], 16) + 1)
  dropped = dropped + 1
end
if dropped > 0 then
  call('HSET', prefix .. 'meta', 'count', string.format('%.0f', count), 'floor', string.format('%.0f', floor))
end
return {dropped, string.format('%.0f', count)}
