import { forEach, lua } from "./prelude.ts";

/**
 * Settles leases. Arguments: `1` to keep payloads. Then for each settlement: id, fence, `to`, its
 * time, error, payload, fingerprint, and `1` to let a later result replace this one. Answers 1 for
 * each, or 0 when the fence is not the newest.
 */
export const SETTLE = lua`
local keeps = ARGV[1] == '1'

local function settle(job, id, fence, to, ms, why, given_payload, given_fp, frees)
  local row = call('HMGET', job, 'state', 'fence', 'expected', 'error')
  if row[1] ~= 'leased' or tonumber(row[2]) ~= tonumber(fence) then return 0 end

  if to == 'extend' then
    place(job, id, 'leased', 'leased', tonumber(ms))
    return 1
  end
  if to == 'retry' or to == 'release' then
    place(job, id, 'leased', 'pending', tonumber(ms))
    if to == 'release' then write('HINCRBY', job, 'attempts', '-1') end
    if to == 'retry' or why ~= '' then write('HSET', job, 'error', why) end
    return 1
  end

  place(job, id, 'leased', to, tonumber(ms), 'settled', now_text)
  if to == 'dead' then
    write('HSET', job, 'error', why)
    if frees == '1' then write('HDEL', job, 'fp') end
    if frees == '1' and not row[3] then write('HDEL', job, 'binding') end
    return 1
  end
  if row[4] then write('HDEL', job, 'error') end
  local payload, fp = given(given_payload), given(given_fp)
  if payload then write('HSET', job, 'payload', payload) end
  if fp then write('HSET', job, 'fp', fp) end
  if not keeps then write('HDEL', job, 'payload') end
  return 1
end
${forEach("settle", { common: 1, count: 8, whenFull: true })}`;
