/** A framework under the adapter of its name, an auth or a store under Express. */
export type Subject = "express" | "node" | "hono" | AuthName | StoreName;
export type AuthName = "signed" | "refetch";
export type StoreName = "sqlite" | "redis" | "postgres";
export type Mode = "adapters" | "auth" | "stores";
export type Side = "baseline" | "ours";

/** Two servers, and how near the kit must come to the one that does less. */
export interface Comparison {
  readonly mode: Mode;
  readonly subject: Subject;
  readonly title: string;
  readonly baseline: string;
  readonly ours: string;
  /** Least acceptable requests per second of ours, in units of the baseline's. */
  readonly target: number;
}

export const comparisons: readonly Comparison[] = [
  {
    mode: "adapters",
    subject: "express",
    title: "Express",
    baseline: "provider's documented handler",
    ours: "abstraktWebhook, memory store",
    target: 1.25,
  },
  {
    mode: "adapters",
    subject: "node",
    title: "Bare node:http",
    baseline: "read, JSON.parse, answer",
    ours: "abstraktWebhook, memory store",
    target: 0.75,
  },
  {
    mode: "adapters",
    subject: "hono",
    title: "Hono on @hono/node-server",
    baseline: "await c.req.json(), c.json()",
    ours: "abstraktWebhook, memory store",
    target: 0.8,
  },
  {
    mode: "auth",
    subject: "signed",
    title: "Express, a token in the URL",
    baseline: 'auth: "none"',
    ours: "auth: signedUrl(...)",
    target: 0.85,
  },
  {
    mode: "auth",
    subject: "refetch",
    // Nothing of it stands before the answer, but the same core does it.
    title: "Express, the API asked after the answer, that work included",
    baseline: 'auth: "none"',
    ours: "auth: refetch()",
    target: 0.65,
  },
  {
    mode: "stores",
    subject: "sqlite",
    title: "Express, SQLite at synchronous=FULL",
    baseline: "provider's documented handler",
    ours: "abstraktWebhook, SQLite store",
    target: 1,
  },
  {
    mode: "stores",
    subject: "redis",
    title: "Express, Redis with an append-only file",
    baseline: "provider's documented handler",
    ours: "abstraktWebhook, Redis store",
    target: 0.9,
  },
  {
    mode: "stores",
    subject: "postgres",
    title: "Express, PostgreSQL",
    baseline: "provider's documented handler",
    ours: "abstraktWebhook, PostgreSQL store",
    target: 0.9,
  },
];
