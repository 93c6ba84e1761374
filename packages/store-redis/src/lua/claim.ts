import { lua } from "./prelude.ts";

/** Reads due ids, the earliest first. Arguments: `work` or `polls`, how many. */
export const DUE = lua`
local ids = call('ZRANGEBYSCORE', ARGV[1] == 'polls' and polls or work, '-inf', now, 'LIMIT', 0, ARGV[2])
for i, id in ipairs(ids) do ids[i] = text(id) end
return ids`;

/**
 * Leases those jobs that no other instance has leased meanwhile. Arguments: lease, `1` to lease a
 * job even before its retry is due, the ids.
 */
export const CLAIM = lua`
write_nothing()
local before = 'lease_lost; before: '
local leases = {}
for i = 3, #ARGV do
  local job, id = KEYS[i + 5], ARGV[i]
  local row = call('HMGET', job, 'state', 'fence', 'attempts', 'payload', 'source', 'binding', 'fp',
    'expected', 'received', 'error')
  local state, why = row[1], row[10]
  if state ~= 'pending' and state ~= 'leased' then
    -- The row no longer exists, for example because the server evicted it, so remove its entries.
    -- If it has another state, the entries of that state stay.
    call('ZREM', work, id)
    call('ZREM', age, id)
    call('ZREM', live, 'pending:' .. id, 'leased:' .. id)
  elseif tonumber(call('ZSCORE', work, id) or now) <= now or ARGV[2] == '1' and state == 'pending' then
    local fence, attempts = (row[2] or 0) + 1, (row[3] or 0) + 1
    place(job, id, state, 'leased', tonumber(ARGV[1]), 'fence', whole(fence), 'attempts', whole(attempts))
    local lost = why == 'lease_lost' or why and why:sub(1, #before) == before
    if state == 'leased' and not lost then
      write('HSET', job, 'error', why and before .. why or 'lease_lost')
      lost = true
    end
    leases[#leases + 1] = { text(id), fence, attempts, text(row[4]), row[5] or '', text(row[6]),
      text(row[7]), row[8] or 0, row[9] or 0, lost and 1 or 0 }
  end
end
flush()
return leases`;

/** Leases those jobs whose poll is still due. Arguments: lease, the ids. */
export const CLAIM_POLLS = lua`
write_nothing()
local leases = {}
for i = 2, #ARGV do
  local job, id = KEYS[i + 6], ARGV[i]
  local row = call('HMGET', job, 'state', 'fence', 'polls', 'binding', 'giveup_at')
  if row[1] ~= 'expected' then
    call('ZREM', polls, id)
    call('ZREM', live, 'expected:' .. id)
  elseif tonumber(call('ZSCORE', polls, id) or now) <= now then
    local fence, count = (row[2] or 0) + 1, (row[3] or 0) + 1
    place(job, id, 'expected', 'expected', tonumber(ARGV[1]), 'fence', whole(fence), 'polls', whole(count))
    local overdue = row[5] and tonumber(row[5]) <= now and 1 or 0
    leases[#leases + 1] = { text(id), fence, count, text(row[4]), overdue }
  end
end
flush()
return leases`;
