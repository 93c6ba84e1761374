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
 * A point in time as seconds since the epoch. A float is exact to the microsecond until the year
 * 2106. `extract` would make a numeric since PostgreSQL 14, at five times the cost.
 */
export const toEpoch = (time: string): string => `date_part('epoch', ${time})`;

/** A parameter in microseconds since the epoch, as a point in time. */
export const fromMicroseconds = (parameter: string): string =>
  `timestamptz 'epoch' + ${parameter}::float8 * interval '1 microsecond'`;
