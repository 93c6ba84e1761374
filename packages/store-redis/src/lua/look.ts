import { lua } from "./prelude.ts";

/** The rows of the jobs that are there. Arguments: the ids. */
export const LOOK = lua`
local rows = {}
for i, id in ipairs(ARGV) do
  local row = call('HMGET', KEYS[i + 7], 'state', 'attempts', 'fence', 'conflicts', 'source', 'binding',
    'payload', 'error', 'received', 'settled')
  local state = row[1]
  if state then
    local due = by_id[state] == live and tonumber(call('ZSCORE', by_time[state], id) or now)
    rows[#rows + 1] = { text(id), state, row[2] or 0, row[3] or 0, row[4] or 0, row[5] or '', text(row[6]),
      text(row[7]), text(row[8]), row[9] or '', row[10] or '', due and due - now or '' }
  end
end
return rows`;

/** Milliseconds until the next row is due; an empty string when none ever will be. */
export const NEXT_DUE = lua`
local due = ''
for _, key in ipairs({ work, polls }) do
  local first = call('ZRANGE', key, 0, 0, 'WITHSCORES')[2]
  if first and (due == '' or first - now < due) then due = first - now end
end
return due`;

/** Up to so many ids of each state. Arguments: how many, the id to begin after, the states. */
export const PAGE = lua`
local after, ids = given(ARGV[2]), {}
for i = 3, #ARGV do
  local state = ARGV[i]
  local from = after and '(' .. state .. ':' .. after or '[' .. state .. ':'
  for _, entry in ipairs(call('ZRANGEBYLEX', by_id[state], from, '(' .. state .. ';', 'LIMIT', 0, ARGV[1])) do
    ids[#ids + 1] = text(entry:sub(#state + 2))
  end
end
return ids`;

/** Rows by state, and since when the oldest result waits or runs. */
export const STATS = lua`
local function count(state)
  return call('ZLEXCOUNT', live, '[' .. state .. ':', '(' .. state .. ';')
end
local oldest = call('ZRANGE', age, 0, 0, 'WITHSCORES')[2]
return { count('expected'), count('pending'), count('leased'), call('ZCOUNT', done, now, '+inf'),
  call('ZCOUNT', dead, now, '+inf'), oldest and now - oldest or '' }`;

/** Argument: id. A dead row without a payload has nothing to run, so the provider is asked again. */
export const REDRIVE = lua`
local job, id = KEYS[8], ARGV[1]
local row = call('HMGET', job, 'state', 'payload', 'giveup_after', 'received')
if row[1] ~= 'dead' then return 0 end
call('HDEL', job, 'settled')
call('HSET', job, 'attempts', 0)
if row[2] then
  call('ZADD', age, row[4] or now, id)
  place(job, id, 'dead', 'pending', 0)
  return 1
end
if row[3] then call('HSET', job, 'giveup_at', now + row[3]) end
place(job, id, 'dead', 'expected', 0)
return 1`;

/** Argument: how many. */
export const PRUNE = lua`
local count = trim('done', ARGV[1])
return count + trim('dead', ARGV[1] - count)`;
