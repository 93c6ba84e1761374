import { lua } from "./prelude.ts";

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
 * latest. Arguments: the state, how many, the time and the id to begin after. Answers the entry to
 * begin after next, or an empty string when none follows, and then the entries.
 *
 * Pending and leased rows share an index. If few rows are in the state, the script reads just these.
 * Else it reads a part of the index, which may have fewer of them than asked for.
 */
export const PAGE_BY_TIME = lua`
local state, count, at, id = ARGV[1], tonumber(ARGV[2]), ARGV[3], given(ARGV[4])
local index, max = by_time[state], 1000
local from, to = '[' .. state .. ':', '(' .. state .. ';'

-- Compares by bytes, as Redis orders ids. The order of Lua depends on the server's locale.
local function precedes(a, b)
  for i = 1, math.min(#a, #b) do
    local x, y = a:byte(i), b:byte(i)
    if x ~= y then return x < y end
  end
  return #a < #b
end

-- Reads up to size entries of the index.
local function read_index(size)
  local reads, first = by_id[state] == over and 'ZREVRANGE' or 'ZRANGE', 0
  if id then
    -- Counts the entries before the one to begin after. That entry may no longer exist.
    local low = call('ZCOUNT', index, '-inf', '(' .. at)
    local high = low + call('ZCOUNT', index, at, at)
    while low < high do
      local middle = math.floor((low + high) / 2)
      if precedes(call('ZRANGE', index, middle, middle)[1], id) then low = middle + 1 else high = middle end
    end
    first = low
    if reads == 'ZREVRANGE' then
      first = call('ZCARD', index) - low
    elseif tonumber(call('ZSCORE', index, id)) == tonumber(at) then
      first = low + 1
    end
  end
  local found, entries = call(reads, index, first, first + size - 1, 'WITHSCORES'), {}
  for i = 1, #found, 2 do entries[#entries + 1] = { id = found[i], time = found[i + 1] } end
  return entries
end

-- Keeps those entries whose row is in the state.
local function in_state(entries)
  if #entries == 0 then return entries end
  local names, kept = {}, {}
  for i, entry in ipairs(entries) do names[i] = state .. ':' .. entry.id end
  for i, found in ipairs(call('ZMSCORE', live, unpack(names))) do
    if found then kept[#kept + 1] = entries[i] end
  end
  return kept
end

-- Reads the entries of all rows in the state, from the index by id.
local function read_state()
  local ids, entries = {}, {}
  for i, name in ipairs(call('ZRANGEBYLEX', live, from, to)) do ids[i] = name:sub(#state + 2) end
  if #ids == 0 then return entries end

  local function in_order(a, b)
    return a.at < b.at or a.at == b.at and precedes(a.id, b.id)
  end
  local start = id and { id = id, at = tonumber(at) }
  for i, time in ipairs(call('ZMSCORE', index, unpack(ids))) do
    local entry = { id = ids[i], time = time, at = tonumber(time) }
    if time and (not start or in_order(start, entry)) then entries[#entries + 1] = entry end
  end
  table.sort(entries, in_order)
  return entries
end

local function written(entry)
  return entry.time .. text(entry.id)
end

local entries, reached
if index ~= work then
  entries = read_index(count)
  reached = entries[count]
elseif call('ZLEXCOUNT', live, from, to) <= max then
  entries = read_state()
else
  local part = read_index(max)
  entries, reached = in_state(part), part[max]
end
if #entries > count then reached = entries[count] end
local page = { reached and written(reached) or '' }
for i = 1, math.min(count, #entries) do page[i + 1] = written(entries[i]) end
return page`;
