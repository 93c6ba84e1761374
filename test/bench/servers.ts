import { ACCEPTED, type Sender } from "./delivery.ts";

/** One server of the benchmark, as its senders and its readers see it. */
export interface Server {
  /** What the page calls it. */
  readonly title: string;
  /** How a request to it is signed. Default `unsigned`. */
  readonly sender?: Sender;
  /** Its answer to a new result. Default `ACCEPTED`. */
  readonly answer?: string;
  /** Whether its instructions are counted, which takes a minute. A database's cannot be. */
  readonly counted?: true;
  /** Only `bench page` and `bench instructions` start it. */
  readonly aside?: true;
}

export const servers = {
  documented: {
    title: "the provider's documented handler, in Express",
    counted: true,
  },
  express: {
    title: "this kit in Express, memory store",
    counted: true,
  },
  "express-signed-url": {
    title: "the same with `signedUrl`",
  },
  "express-refetch": {
    title: "the same with `refetch`",
  },
  "express-signature": {
    title: "the same with `standardWebhooks`",
    sender: "standard",
  },
  "express-none-pending": {
    title: "the same with `concurrency` 1 100",
  },
  "express-pending": {
    title: "the same with `concurrency` 1 100 and 1 000 callbacks pending",
  },
  octokit: {
    title: "`@octokit/webhooks` in Express",
    sender: "github",
    answer: "ok\n",
  },
  standardwebhooks: {
    title: "`standardwebhooks` in Express",
    sender: "standard",
  },
  svix: {
    title: "`svix` in Express",
    sender: "standard",
  },
  "polar-express": {
    title: "`@polar-sh/express` in Express 4",
    sender: "standard",
  },
  "polar-hono": {
    title: "`@polar-sh/hono` in Hono",
    sender: "standard",
  },
  "hono-signature": {
    title: "this kit in Hono, memory store, `standardWebhooks`",
    sender: "standard",
  },
  hono: {
    title: "this kit in Hono, memory store",
    counted: true,
  },
  "hono-observed": {
    title: "the same where a monitor listens to Node's stream",
    counted: true,
  },
  "hono-limit": {
    title: "a Hono handler that only parses",
    counted: true,
  },
  node: {
    title: "this kit on `node:http`, memory store",
    counted: true,
  },
  page: {
    title: "the same with the inspector mounted",
    counted: true,
    aside: true,
  },
  "node-limit": {
    title: "a `node:http` server that only parses",
    counted: true,
  },
  "sqlite-by-hand": {
    title: "an insert by hand, SQLite",
  },
  sqlite: {
    title: "this kit in Express, SQLite store",
  },
  "postgres-by-hand": {
    title: "an insert by hand, PostgreSQL",
  },
  "pg-boss": {
    title: "`send` of pg-boss",
  },
  postgres: {
    title: "this kit in Express, PostgreSQL store",
  },
  "redis-by-hand": {
    title: "`SET NX EX` by hand, Redis",
  },
  bullmq: {
    title: "`add` of BullMQ",
  },
  redis: {
    title: "this kit in Express, Redis store",
  },
} as const satisfies Record<string, Server>;

export type ServerName = keyof typeof servers;

export const serverOf = (name: ServerName): Server => servers[name];

const allNames = Object.keys(servers) as ServerName[];

/** In the order in which they take their turns: a server and its peers stand together. */
export const serverNames = allNames.filter((name) => !serverOf(name).aside);

export const countedNames = allNames.filter((name) => serverOf(name).counted);

export const answerOf = (name: ServerName): string => serverOf(name).answer ?? ACCEPTED;
