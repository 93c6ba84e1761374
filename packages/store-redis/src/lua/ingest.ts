import { forEach, lua } from "./prelude.ts";

/**
 * Ingests deliveries. Arguments: retention of dead rows, and `1` when the caller waits for
 * replicas. Then for each delivery: id, fingerprint, payload, source, binding and lease. Answers an
 * outcome for each.
 */
export const INGEST = lua`
local dead_ms, waits = tonumber(ARGV[1]), ARGV[2] == '1'

local function ingest(job, id, given_fp, payload, source, given_binding, lease_ms)
  local fp, binding, lease = given(given_fp), given(given_binding), tonumber(lease_ms)
  local row = call('HMGET', job, 'state', 'fp', 'binding', 'payload', 'fence', 'expected')
  local state, known, bound = row[1], row[2], row[3]

  local function duplicate()
    -- WAIT covers only writes of this connection. This write lets WAIT confirm the row.
    if waits then call('HSET', job, 'state', state) end
    return { 'duplicate', state }
  end
  local function conflict(reason)
    call('HINCRBY', job, 'conflicts', 1)
    return { 'conflict', state, reason }
  end

  if bound and binding and bound ~= binding then return conflict('binding') end
  if known then
    -- Fingerprints of two versions cannot be compared.
    if not fp or fp == known or fp:sub(1, 1) ~= known:sub(1, 1) then return duplicate() end
    return conflict('result')
  end

  if not fp then
    if state == 'expected' then
      call('ZADD', polls, now, id)
      return { 'parked' }
    end
    if state and (state ~= 'dead' or row[4] == payload) then return duplicate() end
    place(job, id, state, 'dead', dead_ms, 'payload', payload, 'source', source,
      'error', 'unrecognized', 'received', now_text, 'settled', now_text)
    if binding then write('HSET', job, 'binding', binding) end
    return { 'parked' }
  end

  local leased = lease > 0 and 1 or 0
  local fence = (row[5] or 0) + leased
  add(entering, age, now_text, id)
  place(job, id, state, leased == 1 and 'leased' or 'pending', lease, 'fp', fp, 'payload', payload,
    'source', source, 'received', now_text, 'fence', whole(fence), 'attempts', whole(leased))
  if binding then write('HSET', job, 'binding', binding) end
  if state then write('HDEL', job, 'error', 'settled') end
  if leased == 0 then return { 'stored' } end
  return { 'leased', fence, now, text(bound or binding), row[6] or 0 }
end
${forEach("ingest", { common: 2, count: 6, whenFull: false })}`;
