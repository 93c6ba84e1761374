export type Framework = "express" | "node" | "hono";
export type Side = "baseline" | "ours";

/** Two servers of one framework, and how near the kit must come to the one that does less. */
export interface Comparison {
  readonly framework: Framework;
  readonly title: string;
  readonly baseline: string;
  readonly ours: string;
  /** Least acceptable requests per second of ours, in units of the baseline's. */
  readonly target: number;
}

export const comparisons: readonly Comparison[] = [
  {
    framework: "express",
    title: "Express",
    baseline: "provider's documented handler",
    ours: "abstraktWebhook, memory store",
    target: 1.25,
  },
  {
    framework: "node",
    title: "Bare node:http",
    baseline: "read, JSON.parse, answer",
    ours: "abstraktWebhook, memory store",
    target: 0.75,
  },
  {
    framework: "hono",
    title: "Hono on @hono/node-server",
    baseline: "await c.req.json(), c.json()",
    ours: "abstraktWebhook, memory store",
    target: 0.8,
  },
];
