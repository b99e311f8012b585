#!lua
-- The first half of a script whose second half is fold.lua. It applies one batch, all of it or nothing. The client
-- folded the events that it expected to be new; this computes the true verdicts, and where they differ hands them back
-- so that the client folds again. Whatever can fail is done before the first write. Memory and role (OOM, READONLY)
-- are checked by the server before the script begins.
--
-- ARGV: 1 prefix, 2 lane, 3 partition ('' where the lane has no offsets), 4 from, 5 to, 6 gap ('', hole, lost),
-- 7 redelivered, 8 unidentified, 9 events (28 bytes each: id, fingerprint, offset), 10 per event why it was set aside
-- (u, r, l, c) or '-', 11 per event 'a' where it was folded, 12 the plan (msgpack), see plan-bytes.ts
--
-- Answers {status, ...}: applied, verdicts, cursor, ids held | behind, cursor | ahead, cursor | unsettled, verdicts |
-- retry, verdicts | refused, bad slots. Verdicts: a applied, d duplicate, l late, c conflict, x set aside, s skipped.
local call, unpackBytes, slice, format = redis.call, struct.unpack, string.sub, string.format
local prefix, lane, partition = ARGV[1], ARGV[2], ARGV[3]
local from, to, gap = tonumber(ARGV[4]), tonumber(ARGV[5]), ARGV[6]
local events, reasons = ARGV[9], ARGV[10]
local wholeMax = 9007199254740991 -- 2^53 - 1: above it neighbours cannot be told apart

local function own(name) return prefix .. 'tp:' .. name end
local function whole(number) return format('%.0f', number) end
local function damaged(name) return redis.error_reply('ERR ' .. own(name) .. ' is damaged') end

-- The number that a text spells in the one form that INCRBY and HINCRBY accept.
local function toWhole(text)
  if text ~= '0' and not string.find(text, '^-?[1-9]%d*$') then return nil end
  local number = tonumber(text)
  if math.abs(number) <= wholeMax then return number end
end

-- Lua hands over at most some 8,000 arguments at once; `size` is even, so that pairs stay together.
local function inChunks(list, use)
  local size = 1000
  for first = 1, #list, size do use(unpack(list, first, math.min(first + size - 1, #list))) end
end

-- 1. The cursor.
local cursor = 0
if partition ~= '' then
  cursor = toWhole(call('HGET', own('cursor'), partition) or '0')
  if not cursor then return damaged('cursor') end
  if from > cursor then return {'ahead', whole(cursor)} end
  if to <= cursor then return {'behind', whole(cursor)} end
end

-- 2. The verdicts.
local eventBytes = 28
local eventCount = #events / eventBytes
local meta = call('HMGET', own('meta'), 'count', 'floor')
local idCount, floor = toWhole(meta[1] or '0'), toWhole(meta[2] or '0')
if not idCount or not floor then return damaged('meta') end
local verdicts, groups, groupOf, present = {}, {}, {}, 0
for i = 1, eventCount do
  local at = (i - 1) * eventBytes + 1
  if partition ~= '' and unpackBytes('>d', events, at + 20) < cursor then
    verdicts[i] = 's'
  else
    present = present + 1
    local bucket = unpackBytes('>I4', events, at)
    if slice(reasons, i, i) ~= '-' then
      verdicts[i] = 'x'
    elseif bucket < floor then
      verdicts[i] = 'l'
    else
      local group = groups[bucket]
      if not group then
        local name = format('%08x', bucket)
        group = {name = name, key = own('ids:' .. name), rests = {}, known = {}, claims = {}}
        groups[bucket] = group
      end
      groupOf[i] = group
      group.rests[#group.rests + 1] = slice(events, at + 4, at + 15)
    end
  end
end
for _, group in pairs(groups) do
  local stored = call('HMGET', group.key, unpack(group.rests))
  for i, rest in ipairs(group.rests) do group.known[rest] = stored[i] end
end
local added = 0
for i = 1, eventCount do
  local group = groupOf[i]
  if group then
    local at = (i - 1) * eventBytes + 1
    local rest, fingerprint = slice(events, at + 4, at + 15), slice(events, at + 16, at + 19)
    local known = group.known[rest]
    if known then
      verdicts[i] = known == fingerprint and 'd' or 'c'
    else
      verdicts[i] = 'a'
      group.known[rest] = fingerprint
      group.claims[#group.claims + 1] = rest
      group.claims[#group.claims + 1] = fingerprint
      added = added + 1
    end
  end
end
local seen = table.concat(verdicts)
if string.find(seen, '[lc]') then return {'unsettled', seen} end
if added > 0 and string.gsub(seen, '[^a]', '-') ~= ARGV[11] then return {'retry', seen} end
