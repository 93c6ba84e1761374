import { intact, type Broken, type Store } from "./intact.ts";

type List = Store["list"];

/** The intact store with another `list`. */
const withList =
  (list: (store: Store) => List): Broken =>
  (options) => {
    const store = intact(options);
    return { ...store, list: list(store) };
  };

/** Lists every page in reverse order. */
export const listsBackwards = withList((store) => async (o) => {
  const page = await store.list(o);
  return { ...page, records: page.records.toReversed() };
});

/** Lists rows in all states instead of the given one. */
export const listIgnoresTheState = withList(
  (store) =>
    ({ state: _state, ...o }) =>
      store.list(o),
);

/** Filters a page after cutting it, so that a page of one state is too short. */
export const pagesCutBeforeFiltering = withList((store) => async ({ state, ...o }) => {
  const { records, ...next } = await store.list(o);
  return { ...next, records: records.filter((row) => !state || row.state === state) };
});

/** Lists one state by job id. */
export const stateListedById = withList((store) => (o) => store.list({ prefix: "", ...o }));

/** Lists only the first row of each time on a page. */
export const oneRowOfEachTime = withList((store) => async (o) => {
  const page = await store.list(o);
  if (o.state === undefined) return page;
  const times = new Set<number>();
  const records = page.records.filter(({ dueInMs, settledAtMs = dueInMs ?? 0 }) => {
    const isNew = !times.has(settledAtMs);
    times.add(settledAtMs);
    return isNew;
  });
  return { ...page, records };
});

/** Uses the number of earlier rows as the start of a page. */
export const pagesByOffset = withList((store) => {
  const offsets = new Map<string, number>();
  return async ({ after, ...o }) => {
    const offset = offsets.get(after ?? "") ?? 0;
    if (after !== undefined) await store.list({ ...o, after });
    const { records } = await store.list({ ...o, limit: 1_000 });
    const page = records.slice(offset, offset + o.limit);
    const { next } = await store.list({ ...o, limit: Math.max(1, offset + page.length) });
    if (next === undefined) return { records: page };
    offsets.set(next, offset + o.limit);
    return { records: page, next };
  };
});

/** Treats a prefix as a pattern in which `%` and `_` match anything. */
export const prefixIsAPattern = withList((store) => async (o) => {
  if (o.prefix === undefined || !/[%_]/.test(o.prefix)) return store.list(o);
  return store.list({ ...o, prefix: o.prefix.replace(/[%_].*/, "") });
});

/** Returns payloads although none were wanted. */
export const payloadsAlways = withList(
  (store) =>
    ({ payloads: _payloads, ...o }) =>
      store.list(o),
);

/** Begins at the first row when the start is unknown. */
export const foreignCursorsTaken = withList((store) => async (o) => {
  const { after: _after, ...first } = o;
  return store.list(o).catch(() => store.list(first));
});
