/**
 * The server's time when the statement arrived. `now()` would not change within a transaction.
 * `clock_timestamp()` is volatile, so no index would serve it.
 */
export const NOW = "statement_timestamp()";

/** A parameter in milliseconds from now, as a point in time. */
export const inMs = (parameter: string): string => `${NOW} + ${duration(parameter)}`;

/** A parameter in milliseconds, as an interval. */
export const duration = (parameter: string): string =>
  `${parameter}::float8 * interval '1 millisecond'`;

/** A point in time as milliseconds since the epoch. */
export const toEpochMs = (time: string): string =>
  `floor(extract(epoch FROM ${time})::numeric * 1000)::float8`;

/** Milliseconds until a point in time, rounded up, so that 0 or less means due. */
export const untilMs = (time: string): string =>
  `ceil(extract(epoch FROM ${time} - ${NOW})::numeric * 1000)::float8`;

/**
 * A point in time as microseconds since the epoch. This is exact, because PostgreSQL stores them.
 */
export const toMicroseconds = (time: string): string =>
  `(extract(epoch FROM date_trunc('minute', ${time}))::numeric * 1000000
    + extract(microseconds FROM ${time})::numeric)::float8`;

/** A parameter that `toMicroseconds` returned, as a point in time. */
export const fromMicroseconds = (parameter: string): string =>
  `timestamptz 'epoch' + ${parameter}::float8 * interval '1 microsecond'`;
