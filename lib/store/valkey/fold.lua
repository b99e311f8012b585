-- The second half: see verdicts.lua.

-- 3. The ledger to be.
local names = {u = 'undecodable', r = 'refused', l = 'late', c = 'conflict'}
local ledger = {redelivered = tonumber(ARGV[7]), unidentified = tonumber(ARGV[8])}
local function tally(name, count) ledger[name] = (ledger[name] or 0) + count end
for i = 1, eventCount do
  if verdicts[i] == 'a' then tally('applied', 1)
  elseif verdicts[i] == 'd' then tally('duplicate', 1)
  elseif verdicts[i] == 'x' then tally(names[slice(reasons, i, i)], 1) end
end
if gap ~= '' then tally(gap, to - math.max(from, cursor) - present) end
for name in pairs(ledger) do
  local old = call('HGET', own('ledger'), lane .. ':' .. name)
  if old and not toWhole(old) then return damaged('ledger') end
end
call('ZCARD', own('buckets')) -- fails here, where nothing is written yet, if it is something else

-- 4. What the plan touches: types, old numbers, versions.
local sound, counters, hashes, streams, lists, values, records = true, {}, {}, {}, {}, {}, {}
if added > 0 then
  local plan = cmsgpack.unpack(ARGV[12])
  sound, counters, hashes, streams = plan[1], plan[2], plan[3], plan[4]
  lists, values, records = plan[5], plan[6], plan[7]
end
local bad = {}
local function fault(key, field, why, found) bad[#bad + 1] = {key, field, why, slice(found, 1, 64)} end
local function isType(key, wanted)
  local found = call('TYPE', prefix .. key).ok
  if found == 'none' or found == wanted then return true, found ~= 'none' end
  fault(key, false, 'type', found)
  return false
end
local function combine(key, field, kind, old, value)
  if not old then return value end
  local before = toWhole(old)
  if not before then return fault(key, field, 'number', old) end
  if kind == '<' then return math.min(before, value) end
  if kind == '>' then return math.max(before, value) end
  local after = before + value
  if math.abs(after) > wholeMax then return fault(key, field, 'overflow', old) end
  return after
end

for i = 1, #counters, 2 do
  local key = counters[i]
  if isType(key, 'string') then combine(key, false, '+', call('GET', prefix .. key), counters[i + 1]) end
end
local hashWrites = {} -- per hash: field and new value by turns
for i = 1, #hashes, 4 do
  local key, kinds, fields, changes = hashes[i], hashes[i + 1], hashes[i + 2], hashes[i + 3]
  local writes, at = {}, 0
  if isType(key, 'hash') then
    inChunks(fields, function(...)
      local olds = call('HMGET', prefix .. key, ...)
      for j = 1, #olds do
        at = at + 1
        local after = combine(key, fields[at], slice(kinds, at, at), olds[j], changes[at])
        if after and (not olds[j] or whole(after) ~= olds[j]) then
          writes[#writes + 1] = fields[at]
          writes[#writes + 1] = whole(after)
        end
      end
    end)
  end
  hashWrites[key] = writes
end
local streamTop = {} -- per stream: the highest time among its ids
for i = 1, #streams, 3 do
  local key = streams[i]
  local fits, exists = isType(key, 'stream')
  streamTop[key] = 0
  if fits and exists then
    local info = call('XINFO', 'STREAM', prefix .. key)
    for j = 1, #info, 2 do
      if info[j] == 'last-generated-id' then
        local ms, seq = string.match(info[j + 1], '^(%d+)-(%d+)$')
        if #ms > 15 or #seq > 15 then fault(key, false, 'ids', info[j + 1]) end
        streamTop[key] = tonumber(ms)
      end
    end
  end
end
local listExists = {}
for i = 1, #lists, 4 do
  local _, exists = isType(lists[i], 'list')
  listExists[lists[i]] = exists
end
for i = 1, #values, 4 do isType(values[i], 'string') end
for i = 1, #records, 4 do isType(records[i], 'hash') end

-- The id that wrote a key last stands in one hash, or, where the key expires, beside it with the same time to live.
local lasting, passing = {}, {}
local function readVersions(entries)
  local keys = {}
  for i = 1, #entries, 4 do keys[#keys + 1] = entries[i] end
  local at = 0
  inChunks(keys, function(...)
    local found = call('HMGET', own('version'), ...)
    for j = 1, #found do lasting[keys[at + j]] = found[j] end
    local names = {...}
    for j, name in ipairs(names) do names[j] = own('version:' .. name) end
    found = call('MGET', unpack(names))
    for j = 1, #found do passing[keys[at + j]] = found[j] end
    at = at + #names
  end)
end
readVersions(values)
readVersions(records)
if not sound or #bad > 0 then return {'refused', bad} end

-- 5. The writes, none of which can fail.
for _, group in pairs(groups) do
  if #group.claims > 0 then
    inChunks(group.claims, function(...) call('HSET', group.key, ...) end)
    call('ZADD', own('buckets'), tonumber(group.name, 16), group.name)
  end
end
for i = 1, #counters, 2 do call('INCRBY', prefix .. counters[i], whole(counters[i + 1])) end
for key, writes in pairs(hashWrites) do
  inChunks(writes, function(...) call('HSET', prefix .. key, ...) end)
end
for i = 1, #streams, 3 do
  local key, maxLength, entries, top = streams[i], whole(streams[i + 1]), streams[i + 2], streamTop[streams[i]]
  for j = 1, #entries, 2 do
    top = math.max(top, entries[j])
    call('XADD', prefix .. key, 'MAXLEN', '=', maxLength, whole(top) .. '-*', unpack(entries[j + 1]))
  end
end
for i = 1, #lists, 4 do
  local key, maxLength, expires, items = lists[i], lists[i + 1], lists[i + 2], lists[i + 3]
  inChunks(items, function(...) call('RPUSH', prefix .. key, ...) end)
  call('LTRIM', prefix .. key, whole(-maxLength), -1)
  if expires > 0 then
    -- GT alone would never limit a key that has no limit, a new one included.
    if listExists[key] then call('PEXPIREAT', prefix .. key, whole(expires), 'GT')
    else call('PEXPIREAT', prefix .. key, whole(expires)) end
  end
end

local function isNewer(id, version)
  if not version or #version ~= 16 then return true end
  -- As numbers: comparing texts follows the server's locale.
  for at = 1, 13, 4 do
    local mine, its = unpackBytes('>I4', id, at), unpackBytes('>I4', version, at)
    if mine ~= its then return mine > its end
  end
  return false
end
local function writeNewest(entries, write)
  for i = 1, #entries, 4 do
    local key, event, expires, content = entries[i], entries[i + 1], entries[i + 2], entries[i + 3]
    local id = slice(events, event * eventBytes + 1, event * eventBytes + 16)
    if isNewer(id, lasting[key]) and isNewer(id, passing[key]) then
      write(prefix .. key, content, expires)
      if expires > 0 then
        call('SET', own('version:' .. key), id, 'PXAT', whole(expires))
        if lasting[key] then call('HDEL', own('version'), key) end
        lasting[key], passing[key] = false, id
      else
        call('HSET', own('version'), key, id)
        if passing[key] then call('DEL', own('version:' .. key)) end
        lasting[key], passing[key] = id, false
      end
    end
  end
end
writeNewest(values, function(key, value, expires)
  if expires > 0 then call('SET', key, value, 'PXAT', whole(expires)) else call('SET', key, value) end
end)
writeNewest(records, function(key, fields, expires)
  inChunks(fields, function(...) call('HSET', key, ...) end)
  if expires > 0 then call('PEXPIREAT', key, whole(expires)) else call('PERSIST', key) end
end)

for name, count in pairs(ledger) do
  if count > 0 then call('HINCRBY', own('ledger'), lane .. ':' .. name, whole(count)) end
end
if partition ~= '' then call('HSET', own('cursor'), partition, whole(to)) end
if added > 0 then call('HSET', own('meta'), 'count', whole(idCount + added)) end
return {'applied', seen, partition ~= '' and whole(to) or '', whole(idCount + added)}
