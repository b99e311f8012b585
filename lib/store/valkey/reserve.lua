-- Reserves a logical database for a fresh store: what an earlier rebuild of the same pipeline left behind, or an empty one.
-- ARGV: 1 pipeline, 2 token, 3 the live database, 4 the highest database
-- Answers its number, or -1 where there is none.
local call, pcall = redis.call, redis.pcall
local pipeline, token, live, highest = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])

local function find(fits)
  for at = highest, 0, -1 do
    if at ~= live and not pcall('SELECT', at).err and fits() then return at end
  end
end
local at = find(function()
  return call('TYPE', 'tp:rebuild').ok == 'hash' and call('HGET', 'tp:rebuild', 'pipeline') == pipeline
end)
at = at or find(function() return call('DBSIZE') == 0 end)
if not at then return -1 end
call('SELECT', at)
call('FLUSHDB', 'ASYNC')
call('HSET', 'tp:rebuild', 'pipeline', pipeline, 'token', token)
return at
