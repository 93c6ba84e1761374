/**
 * The beginning of every script. A job is a hash. Each state has an index by time and an index by
 * id, and a job is in the two indexes of its state only:
 *
 * - `work` (pending, leased) and `polls` (expected): the due time. `done` and `dead`: the end of
 *   the retention.
 * - `live` (not settled), `over` (settled): `<state>:<id>`, in the order of ids.
 * - `age` has the jobs in `work`, in the order of arrival.
 *
 * The hash of a settled job expires by itself. Later settles and `prune` remove its index entries.
 * Until then an entry may have no hash, or a hash in another state. An index expires with its last
 * row.
 *
 * Arguments and replies write a text as `=text`, and a missing text as an empty string, because
 * Upstash's client parses every reply that looks like JSON.
 */
const PRELUDE = `
local call = redis.call
local clock = call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local work, polls, age, live, done, dead, over = unpack(KEYS, 1, 7)
local by_time = { expected = polls, pending = work, leased = work, done = done, dead = dead }
local by_id = { expected = live, pending = live, leased = live, done = over, dead = over }

-- Writes a whole number as text. A Lua number would become a float, at several times the cost.
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

-- Calls a command with a list of arguments, in parts that Lua can unpack.
local function call_with(command, key, list)
  for first = 1, #list, 1000 do
    call(command, key, unpack(list, first, math.min(first + 999, #list)))
  end
end

-- Calls a command on each index that has a list.
local function call_on_indexes(command, lists)
  for i = 1, 7 do call_with(command, KEYS[i], lists[KEYS[i]] or {}) end
end

-- Removes up to limit entries whose retention has ended from the indexes of a state.
local function trim(state, limit)
  local ended = call('ZRANGEBYSCORE', by_time[state], '-inf', '(' .. now_text, 'LIMIT', 0, limit)
  if #ended == 0 then return 0 end
  call_with('ZREM', by_time[state], ended)
  for i, id in ipairs(ended) do ended[i] = state .. ':' .. id end
  call_with('ZREM', over, ended)
  return #ended
end

-- The commands that place and write queue until flush, so that the jobs of a script share them.
local leaving, entering, rows, retentions, settled = {}, {}, {}, {}, {}

local function add(lists, key, first, second)
  local list = lists[key]
  if not list then
    list = {}
    lists[key] = list
  end
  list[#list + 1] = first
  if second then list[#list + 1] = second end
end

local function write(...)
  rows[#rows + 1] = { ... }
end

-- Queues the move of a row from one state to another, with the fields that follow. ms is the time
-- until the row is due, or its retention.
local function place(job, id, from, to, ms, ...)
  if from and by_time[from] ~= by_time[to] then
    add(leaving, by_time[from], id)
    if by_time[from] == work then add(leaving, age, id) end
  end
  if from and from ~= to then add(leaving, by_id[from], from .. ':' .. id) end
  add(entering, by_time[to], whole(now + ms), id)
  if from ~= to then add(entering, by_id[to], '0', to .. ':' .. id) end
  write('HSET', job, 'state', to, ...)
  if by_id[to] == over then
    write('PEXPIRE', job, whole(ms))
    retentions[by_time[to]], retentions[over] = ms, math.max(ms, retentions[over] or 0)
    settled[to] = (settled[to] or 0) + 1
  elseif from and by_id[from] == over then
    write('PERSIST', job)
  end
end

-- A write that changes nothing. A server that takes no writes, such as a replica, refuses it. A full
-- server accepts it, because it is a removal, and then accepts all later writes of the same script.
local function write_nothing()
  call('ZREM', work, '')
end

-- Runs the queued commands. The removals come first, because they free memory. The rows come last,
-- so that they do not change if the server refuses an index. Errors at one row go into refused, by
-- the row's key. Without refused, they are raised.
local function flush(refused)
  local ids, entries, commands, times, counts = leaving, entering, rows, retentions, settled
  leaving, entering, rows, retentions, settled = {}, {}, {}, {}, {}
  call_on_indexes('ZREM', ids)
  call_on_indexes('ZADD', entries)
  for _, command in ipairs(commands) do
    local reply = (refused and redis.pcall or call)(unpack(command))
    if type(reply) == 'table' and reply.err then refused[command[2]] = reply end
  end
  for key, ms in pairs(times) do stay(key, ms) end
  for state, count in pairs(counts) do trim(state, 10 * count) end
end
`;

/**
 * Calls a function for each job, with `count` arguments each. The first `common` arguments are for
 * all jobs. The function writes by `place` and `write`. An error at one job leaves the others
 * alone. An error at an index fails all jobs that enter the index.
 *
 * The script begins or ends with a write that changes nothing. A replica refuses this write and so
 * the script. The client then sees an error and connects again. It would not see the error of one
 * job, which is part of the reply. With `whenFull` this write is the first one, so that a full server
 * accepts the others.
 */
export const forEach = (
  name: string,
  o: { common: number; count: number; whenFull: boolean },
): string => `
${o.whenFull ? "write_nothing()" : ""}
local answers, seen, writers = {}, {}, {}
local function failed(reason)
  return { 'failed', type(reason) == 'table' and reason.err or reason }
end
local function flush_all()
  local refused = {}
  local fine, reason = pcall(flush, refused)
  for at, job in pairs(writers) do
    if not fine or refused[job] then answers[at] = failed(refused[job] or reason) end
  end
  seen, writers = {}, {}
end

for at = 1, #KEYS - 7 do
  local job, last = KEYS[at + 7], ${o.common} + at * ${o.count}
  -- The second call for the same job must read what the first one wrote.
  if seen[job] then flush_all() end
  seen[job] = true
  local before = #rows
  local fine, answer = pcall(${name}, job, unpack(ARGV, last - ${o.count - 1}, last))
  answers[at] = fine and answer or failed(answer)
  if #rows > before then writers[at] = job end
end
flush_all()
${o.whenFull ? "" : "write_nothing()"}
return answers`;

/** A script with the prelude in front. Its jobs are `KEYS[8]` and the following keys. */
export const lua = (body: TemplateStringsArray, ...parts: string[]): string =>
  PRELUDE + String.raw({ raw: body }, ...parts);
