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
write_nothing()
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
