-- Puts the fresh store into the live one's place, in one step for everybody.
-- ARGV: 1 live database, 2 fresh database, 3 pipeline, 4 token, 5 '1' to keep the old store,
-- 6... field and expected count by turns: the ledgers of lanes that were not folded anew
-- Answers 'swapped', 'moved' where those lanes brought something meanwhile, or 'taken' where the fresh store is not ours.
local call = redis.call
local live, fresh, pipeline, token = ARGV[1], ARGV[2], ARGV[3], ARGV[4]

call('SELECT', fresh)
if call('HGET', 'tp:rebuild', 'token') ~= token then return 'taken' end
call('SELECT', live)
for i = 6, #ARGV, 2 do
  if (call('HGET', 'tp:ledger', ARGV[i]) or '0') ~= ARGV[i + 1] then return 'moved' end
end
-- What clients' keys are bound to is no fold: nothing could make it again.
for _, key in ipairs(call('KEYS', 'tp:key:*')) do call('COPY', key, key, 'DB', fresh, 'REPLACE') end
-- Whoever opens the next one clears it away, should we not live to do it.
if ARGV[5] ~= '1' then call('HSET', 'tp:rebuild', 'pipeline', pipeline, 'token', token) end
call('SELECT', fresh)
for i = 6, #ARGV, 2 do
  local lane, name = string.match(ARGV[i], '^(.*):(.-)$')
  if name == 'applied' then name = 'duplicate' end
  if ARGV[i + 1] ~= '0' then call('HINCRBY', 'tp:ledger', lane .. ':' .. name, ARGV[i + 1]) end
end
call('DEL', 'tp:rebuild')
call('SWAPDB', live, fresh)
return 'swapped'
