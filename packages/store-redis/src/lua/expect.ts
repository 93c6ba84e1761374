import { lua } from "./prelude.ts";

/**
 * Writes the row of a submitted job. Its binding replaces that of a parked delivery. Arguments: id,
 * binding, delay of the first poll, time until giving up.
 */
export const EXPECT = lua`
local job, id, binding = KEYS[8], ARGV[1], given(ARGV[2])
local row = call('HMGET', job, 'state', 'fp', 'expected', 'binding')
if not row[3] then call('HSET', job, 'expected', 1) end
if row[2] then
  if not binding or not row[4] or binding == row[4] then return 'arrived' end
  call('HINCRBY', job, 'conflicts', 1)
  return 'contested'
end
if binding then call('HSET', job, 'binding', binding) end
if row[1] == 'expected' then return 'expected' end
if row[1] then call('HDEL', job, 'error', 'settled') end
place(job, id, row[1], 'expected', tonumber(ARGV[3]), 'giveup_after', ARGV[4],
  'giveup_at', whole(now + ARGV[4]))
flush()
return 'expected'`;

/**
 * Ends a poll. Arguments: id, fence, the time until the next poll or the retention, and the error
 * if the job becomes dead. Answers 1, or 0 when the fence is not the newest.
 */
export const SETTLE_POLL = lua`
local job, id, ms, gaveup = KEYS[8], ARGV[1], tonumber(ARGV[3]), given(ARGV[4])
local row = call('HMGET', job, 'state', 'fence')
if row[1] ~= 'expected' or tonumber(row[2] or 0) ~= tonumber(ARGV[2]) then return 0 end
write_nothing()
place(job, id, 'expected', gaveup and 'dead' or 'expected', ms)
if gaveup then write('HSET', job, 'error', gaveup, 'settled', now_text) end
flush()
return 1`;
