/**
 * The beginning of every script. A job is a hash. Each state has an index by time and an index by
 * id, and a job is in the two indexes of its state only:
 *
 * - `work` (pending, leased), `polls` (expected): when due; `done`, `dead`: when the retention
 *   ends.
 * - `live` (not settled), `over` (settled): `<state>:<id>`, in the order of ids.
 * - `age` has the jobs in `work`, in the order of arrival.
 *
 * The hash of a settled job expires by itself. Later settles and `prune` remove its index entries;
 * until then an entry may have no hash, or a hash in another state. An index expires with its last
 * row.
 *
 * Arguments and replies write text as `=text`, and no text as an empty string, because Upstash's
 * client parses as JSON whatever it can.
 */
const PRELUDE = `
local call = redis.call
local clock = call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local work, polls, age, live, done, dead, over = unpack(KEYS, 1, 7)
local by_time = { expected = polls, pending = work, leased = work, done = done, dead = dead }
local by_id = { expected = live, pending = live, leased = live, done = over, dead = over }

-- Whole numbers as text. Redis writes a number of Lua as a float, at several times the cost.
local function whole(number)
  return string.format('%d', number)
end
local now_text = whole(now)

local function given(text)
  return text ~= '' and text:sub(2)
end
local function text(value)
  return value and '=' .. value or ''
end
local function stay(key, ms)
  if call('PTTL', key) < ms then call('PEXPIRE', key, ms) end
end

-- Removes up to limit entries whose retention has ended from the indexes.
local function trim(state, limit)
  local ended = call('ZRANGEBYSCORE', by_time[state], '-inf', '(' .. now, 'LIMIT', 0, limit)
  for _, id in ipairs(ended) do
    call('ZREM', by_time[state], id)
    call('ZREM', over, state .. ':' .. id)
  end
  return #ended
end

-- Moves a row from one state to another, and writes the fields that follow. ms: until it is due, or
-- its retention. The fields last: where the server refuses an index, the row stays as it was.
local function place(job, id, from, to, ms, ...)
  if from and by_time[from] ~= by_time[to] then
    call('ZREM', by_time[from], id)
    if by_time[from] == work then call('ZREM', age, id) end
  end
  if from and from ~= to then call('ZREM', by_id[from], from .. ':' .. id) end
  call('ZADD', by_time[to], whole(now + ms), id)
  if from ~= to then call('ZADD', by_id[to], 0, to .. ':' .. id) end
  call('HSET', job, 'state', to, ...)
  if by_id[to] == over then
    call('PEXPIRE', job, ms)
    stay(by_time[to], ms)
    stay(over, ms)
    trim(to, 10)
  elseif from and by_id[from] == over then
    call('PERSIST', job)
  end
end
`;

/**
 * Calls a function for each of the jobs, with `count` arguments each. The first `common` arguments are
 * of all. What fails at one job spares the others.
 *
 * Last comes a write that changes nothing. A server that takes no writes, such as a replica, refuses
 * it and with it the script, so that the client sees an error and connects anew. A failure at one job
 * is part of the reply, and no client looks there. It is not the first, since a full server refuses
 * nothing once a script has written.
 */
export const forEach = (name: string, o: { common: number; count: number }): string => `
local answers = {}
for i = 8, #KEYS do
  local last = ${o.common} + (i - 7) * ${o.count}
  local fine, answer = pcall(${name}, KEYS[i], unpack(ARGV, last - ${o.count - 1}, last))
  if not fine then answer = { 'failed', type(answer) == 'table' and answer.err or answer } end
  answers[#answers + 1] = answer
end
call('ZREM', work, '')
return answers`;

/** A script with the prelude in front. Its jobs are `KEYS[8]` and the following keys. */
export const lua = (body: TemplateStringsArray, ...parts: string[]): string =>
  PRELUDE + String.raw({ raw: body }, ...parts);
