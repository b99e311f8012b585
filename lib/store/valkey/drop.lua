-- Drops a store that is not live, unless somebody else has taken its database meanwhile. ARGV: 1 its database, 2 token
local call = redis.call
call('SELECT', ARGV[1])
if call('HGET', 'tp:rebuild', 'token') ~= ARGV[2] then return 0 end
call('FLUSHDB', 'ASYNC')
return 1
