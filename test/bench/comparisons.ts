import type { ServerName } from "./servers.ts";

/** How two servers are compared. */
export type Measure =
  /** Requests a second, ours over theirs. */
  | "rate"
  /** CPU time for each delivery, theirs over ours. */
  | "cpu"
  /** Instructions for each delivery, theirs over ours. */
  | "instructions"
  /** The 99th percentile of the time until the answer, ours over theirs: lower is better. */
  | "p99";

/** This kit against another server. */
export interface Comparison {
  readonly section: Section;
  /** What the page calls what we are compared with. */
  readonly title: string;
  readonly ours: ServerName;
  readonly against: ServerName;
  readonly by: Measure;
  /** Our server without what is measured here: no goal above its ratio can be reached. */
  readonly bound?: ServerName;
  /** What the table of floors calls it. Absent: it is not in that table. */
  readonly floor?: string;
  /** What we want to reach, by the major version of Node. */
  readonly goals?: Readonly<Record<string, number>>;
}

/** Each is a table of the page, and a heading in its picture. */
export type Section = "durable" | "queues" | "receivers" | "limits" | "options";

const goals = (node20: number, node24: number) => ({ "20": node20, "24": node24 });

export const comparisons: readonly Comparison[] = [
  {
    section: "durable",
    title: "SQLite at `synchronous=FULL`, an insert by hand",
    ours: "sqlite",
    against: "sqlite-by-hand",
    by: "rate",
    bound: "express",
    floor: "SQLite",
    goals: goals(4, 6),
  },
  {
    section: "durable",
    title: "PostgreSQL, an insert by hand",
    ours: "postgres",
    against: "postgres-by-hand",
    by: "rate",
    bound: "express",
    floor: "PostgreSQL",
    goals: goals(1.8, 1.8),
  },
  {
    section: "durable",
    title: "Redis, `SET NX EX` by hand",
    ours: "redis",
    against: "redis-by-hand",
    by: "rate",
    bound: "express",
    goals: goals(1.2, 1),
  },
  {
    section: "queues",
    title: "BullMQ's `add`, with our Redis store",
    ours: "redis",
    against: "bullmq",
    by: "rate",
    bound: "express",
    goals: goals(1.5, 1.1),
  },
  {
    section: "queues",
    title: "pg-boss's `send`, with our PostgreSQL store",
    ours: "postgres",
    against: "pg-boss",
    by: "rate",
    bound: "express",
    floor: "pg-boss",
    goals: goals(5, 6),
  },
  {
    section: "receivers",
    title: "the provider's documented handler",
    ours: "express",
    against: "documented",
    by: "rate",
    goals: goals(1.4, 1.35),
  },
  {
    section: "receivers",
    title: "`@octokit/webhooks`",
    ours: "express-signature",
    against: "octokit",
    by: "rate",
    bound: "express",
    goals: goals(1.2, 1.2),
  },
  {
    section: "receivers",
    title: "`standardwebhooks`",
    ours: "express-signature",
    against: "standardwebhooks",
    by: "rate",
    bound: "express",
    goals: goals(1.2, 1.2),
  },
  {
    section: "receivers",
    title: "`svix`",
    ours: "express-signature",
    against: "svix",
    by: "rate",
    bound: "express",
    goals: goals(1.2, 1.2),
  },
  {
    section: "receivers",
    title: "`@polar-sh/express`, on Express 4",
    ours: "express-signature",
    against: "polar-express",
    by: "rate",
    bound: "express",
    goals: goals(1.2, 1.2),
  },
  {
    section: "receivers",
    title: "`@polar-sh/hono`, both in Hono",
    ours: "hono-signature",
    against: "polar-hono",
    by: "rate",
    bound: "hono",
    goals: goals(2, 2),
  },
  {
    section: "limits",
    title: "`node:http`, read and parse: CPU time",
    ours: "node",
    against: "node-limit",
    by: "cpu",
    goals: goals(0.8, 0.77),
  },
  {
    section: "limits",
    title: "`node:http`, read and parse: instructions",
    ours: "node",
    against: "node-limit",
    by: "instructions",
  },
  {
    section: "limits",
    title: "Hono, parse: CPU time",
    ours: "hono",
    against: "hono-limit",
    by: "cpu",
    goals: goals(0.85, 0.78),
  },
  {
    section: "limits",
    title: "Hono, parse, where a monitor listens to us: CPU time",
    ours: "hono-observed",
    against: "hono-limit",
    by: "cpu",
    goals: goals(0.62, 0.62),
  },
  {
    section: "limits",
    title: "Hono, parse: instructions",
    ours: "hono",
    against: "hono-limit",
    by: "instructions",
  },
  {
    section: "limits",
    title: "Hono, parse, where a monitor listens to us: instructions",
    ours: "hono-observed",
    against: "hono-limit",
    by: "instructions",
  },
  {
    section: "options",
    title: "`signedUrl`, over the same without",
    ours: "express-signed-url",
    against: "express",
    by: "rate",
    goals: goals(0.92, 0.92),
  },
  {
    section: "options",
    title: "`refetch`, over the same without",
    ours: "express-refetch",
    against: "express",
    by: "rate",
  },
  {
    section: "options",
    title: "SQLite store, over the documented handler",
    ours: "sqlite",
    against: "documented",
    by: "rate",
  },
  {
    section: "options",
    title: "PostgreSQL store, over the documented handler",
    ours: "postgres",
    against: "documented",
    by: "rate",
  },
  {
    section: "options",
    title: "Redis store, over the documented handler",
    ours: "redis",
    against: "documented",
    by: "rate",
  },
  {
    section: "options",
    title: "p99 of the answer with 1 000 callbacks pending, over that with none",
    ours: "express-pending",
    against: "express-none-pending",
    by: "p99",
    goals: goals(1.5, 1.5),
  },
];
