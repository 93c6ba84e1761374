import { lua } from "./prelude.ts";

/**
 * Reads the row of each job. Argument: `1` to read the payloads too. The fields that hold no text of
 * a user are one text, because a client needs longer for many small parts than the server.
 */
export const LOOK = lua`
local rows = {}
for at = 1, #KEYS - 7 do
  local job = KEYS[at + 7]
  local row = call('HMGET', job, 'state', 'attempts', 'fence', 'conflicts', 'source', 'received', 'settled',
    'binding', ARGV[1] == '1' and 'payload' or '', 'error')
  local state, due = row[1], ''
  rows[at] = {}
  if state then
    if by_id[state] == live then
      -- The names of all keys have the same beginning.
      local id = job:sub(#work - #'work' + #'job:' + 1)
      due = whole(tonumber(call('ZSCORE', by_time[state], id) or now) - now)
    end
    local words = { state, row[2] or 0, row[3] or 0, row[4] or 0, row[5] or '', row[6] or '', row[7] or '', due }
    rows[at] = { table.concat(words, ' '), text(row[8]), text(row[9]), text(row[10]) }
  end
end
return rows`;

/** Changes nothing, by a command that a server refuses when it takes no writes. */
export const READY = lua`
call('ZADD', work, 'XX', 0, '')
return 1`;

/** Answers the milliseconds until the next row is due, or an empty string when no row waits. */
export const NEXT_DUE = lua`
local due = ''
for _, key in ipairs({ work, polls }) do
  local first = call('ZRANGE', key, 0, 0, 'WITHSCORES')[2]
  if first and (due == '' or first - now < due) then due = first - now end
end
return due`;

/**
 * Reads ids of each state, in the order of ids. Arguments: how many of each state, the prefix, the
 * id to begin after, the states.
 */
export const PAGE = lua`
local prefix, after, ids = given(ARGV[2]), given(ARGV[3]), {}
for i = 4, #ARGV do
  local state = ARGV[i]
  local from = after and '(' .. state .. ':' .. after or '[' .. state .. ':' .. prefix
  -- No text in UTF-8 contains the byte 255, so it comes after all texts with the prefix.
  local to = '(' .. state .. ':' .. prefix .. '\\255'
  for _, entry in ipairs(call('ZRANGEBYLEX', by_id[state], from, to, 'LIMIT', 0, ARGV[1])) do
    ids[#ids + 1] = text(entry:sub(#state + 2))
  end
end
return ids`;

/**
 * Reads entries `<time>=<id>` of one state. The earliest comes first, but of done and dead rows the
 * latest. Arguments: the state, how many, the time and the id to begin after.
 */
export const PAGE_BY_TIME = lua`
local index, count, at, id = by_time[ARGV[1]], tonumber(ARGV[2]), ARGV[3], given(ARGV[4])
local backwards = index == done or index == dead

-- Compares by bytes, as Redis orders ids. The order of Lua depends on the server's locale.
local function precedes(a, b)
  for i = 1, math.min(#a, #b) do
    local x, y = a:byte(i), b:byte(i)
    if x ~= y then return x < y end
  end
  return #a < #b
end

local first, last
if id then
  -- Counts the entries before the one to begin after. That entry may no longer exist.
  local low = call('ZCOUNT', index, '-inf', '(' .. at)
  local high = low + call('ZCOUNT', index, at, at)
  while low < high do
    local middle = math.floor((low + high) / 2)
    if precedes(call('ZRANGE', index, middle, middle)[1], id) then low = middle + 1 else high = middle end
  end
  if backwards then
    first, last = math.max(low - count, 0), low - 1
  else
    local there = call('ZRANGE', index, low, low, 'WITHSCORES')
    first = low
    if there[1] == id and tonumber(there[2]) == tonumber(at) then first = low + 1 end
    last = first + count - 1
  end
elseif backwards then
  first, last = -count, -1
else
  first, last = 0, count - 1
end
if id and last < first then return {} end

local entries, page = call('ZRANGE', index, first, last, 'WITHSCORES'), {}
local from, to, step = 1, #entries, 2
if backwards then from, to, step = #entries - 1, 1, -2 end
for i = from, to, step do page[#page + 1] = entries[i + 1] .. text(entries[i]) end
return page`;

/** Counts rows by state. Also answers the age of the oldest result that is pending or leased. */
export const STATS = lua`
local function count(state)
  return call('ZLEXCOUNT', live, '[' .. state .. ':', '(' .. state .. ';')
end
local oldest = call('ZRANGE', age, 0, 0, 'WITHSCORES')[2]
return { count('expected'), count('pending'), count('leased'), call('ZCOUNT', done, now, '+inf'),
  call('ZCOUNT', dead, now, '+inf'), oldest and now - oldest or '' }`;

/** Redrives a dead row. A row without a payload is polled again. Argument: id. */
export const REDRIVE = lua`
local job, id = KEYS[8], ARGV[1]
local row = call('HMGET', job, 'state', 'payload', 'giveup_after', 'received')
if row[1] ~= 'dead' then return 0 end
call('HDEL', job, 'settled')
call('HSET', job, 'attempts', 0)
if row[2] then
  call('ZADD', age, row[4] or now, id)
  place(job, id, 'dead', 'pending', 0)
  flush()
  return 1
end
if row[3] then call('HSET', job, 'giveup_at', now + row[3]) end
place(job, id, 'dead', 'expected', 0)
flush()
return 1`;

/** Removes index entries whose retention has ended. Argument: how many. */
export const PRUNE = lua`
local count = trim('done', ARGV[1])
return count + trim('dead', ARGV[1] - count)`;
