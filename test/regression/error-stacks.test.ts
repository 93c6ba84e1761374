import { inspect } from "node:util";
import * as client from "@abstrakt-webhooks/client";
import * as core from "@abstrakt-webhooks/core";
import * as forExpress from "@abstrakt-webhooks/express";
import * as forHono from "@abstrakt-webhooks/hono";
import * as inspector from "@abstrakt-webhooks/inspector";
import * as forNext from "@abstrakt-webhooks/next";
import * as otel from "@abstrakt-webhooks/otel";
import * as cloudflare from "@abstrakt-webhooks/store-cloudflare";
import * as postgres from "@abstrakt-webhooks/store-postgres";
import * as redis from "@abstrakt-webhooks/store-redis";
import * as sqlite from "@abstrakt-webhooks/store-sqlite";
import * as testing from "@abstrakt-webhooks/testing";
import * as simulator from "@abstrakt-webhooks/testing/simulator";
import { expect, it } from "vitest";

const packages: Record<string, object> = {
  core,
  client,
  express: forExpress,
  hono: forHono,
  next: forNext,
  "store-cloudflare": cloudflare,
  "store-postgres": postgres,
  "store-redis": redis,
  "store-sqlite": sqlite,
  inspector,
  otel,
  testing,
  "testing/simulator": simulator,
};

const wrong = { auth: "none", limits: { leaseMs: -1 } } as const;
const misspelt = { calback: "ok" } as never;
const noOptions = undefined as never;
const makeWrong = () => wrong;

/** A wrong call of each function by which users construct something. */
const mistakes: Record<string, () => unknown> = {
  "core.createReceiver": () => core.createReceiver(wrong),
  "core.sharedReceiver": () => core.sharedReceiver("", {}, makeWrong),
  "core.sharedReceiver, by make": () => core.sharedReceiver("stack", {}, makeWrong),
  "core.memoryStore": () => core.memoryStore({ maxLive: -1 }),
  "core.signedUrl": () => core.signedUrl({ secrets: [], url: "https://app.test/hook" }),
  "core.standardWebhooks": () => core.standardWebhooks({ secrets: [] }),
  "core.refetch": () => core.refetch({ client: "a client" as never }),
  "client.createClient": () => client.createClient({ apiKey: "" }),
  "client.fetchOutputs": () => client.fetchOutputs(noOptions, { hosts: ["cdn.test"] }),
  "express.abstraktWebhook": () => forExpress.abstraktWebhook(wrong),
  "hono.abstraktWebhook": () => forHono.abstraktWebhook(wrong),
  "next.abstraktWebhook": () => forNext.abstraktWebhook(wrong),
  "next.createReceiver": () => forNext.createReceiver(wrong),
  "next.sharedReceiver": () => forNext.sharedReceiver("", {}, makeWrong),
  "next.sharedReceiver, by make": () => forNext.sharedReceiver("stack", {}, makeWrong),
  "store-cloudflare.d1Store": () => cloudflare.d1Store(noOptions),
  "store-postgres.postgresStore": () => postgres.postgresStore(noOptions),
  "store-postgres.postgresStore, by its client": () =>
    postgres.postgresStore({ client: noOptions }),
  "store-redis.redisStore": () => redis.redisStore(noOptions),
  "store-sqlite.sqliteStore": () => sqlite.sqliteStore(""),
  "inspector.inspector": () =>
    inspector.inspector(core.createReceiver({ auth: "none" }), noOptions),
  "inspector.inspectSource": () => inspector.inspectSource(noOptions, noOptions),
  "otel.withOpenTelemetry": () => otel.withOpenTelemetry(otel.withOpenTelemetry({ auth: "none" })),
  "testing.createManualClock": () => testing.createManualClock(Number.NaN),
  "testing.createSubject": () => testing.createSubject(wrong),
  "testing.createSubject, by a misspelt setup": () => testing.createSubject(misspelt),
  "testing.runAdapterSuite": () => testing.runAdapterSuite(noOptions, noOptions),
  "testing.runStoreSuite": () => testing.runStoreSuite(noOptions, noOptions),
  "testing/simulator.createSimulator": () => simulator.createSimulator({ dropRate: 2 }),
  "testing/simulator.createSimulator, by a misspelt option": () =>
    simulator.createSimulator({ dropRates: 1 } as object),
};

/** These functions throw no error of this kit where they are called. */
const THROW_NOTHING = [
  "core.fingerprint",
  "core.isAbstraktWebhookError",
  "core.isAudio",
  "core.isImage",
  "core.isVideo",
  "core.parsePayload",
  "core.redactUrl",
  "next.startOnBoot",
  "inspector.createRing",
  "testing.deliver",
  "testing.equal",
  "testing.failedPayload",
  "testing.mediaOutput",
  "testing.ok",
  "testing.pendingPayload",
  "testing.succeededPayload",
  "testing.uniqueJobId",
  "testing.unrecognizedPayload",
  "testing/simulator.serveOnLoopback",
];

function thrownBy(call: () => unknown): Error {
  try {
    call();
  } catch (thrown) {
    return thrown as Error;
  }
  throw new Error("it threw nothing");
}

it("every function that a package exports is in this file", () => {
  const functions = Object.entries(packages).flatMap(([name, exported]) =>
    Object.entries(exported)
      .filter(([own, value]) => typeof value === "function" && !isOfCore(name, own, value))
      .map(([own]) => `${name}.${own}`),
  );
  const known = [...THROW_NOTHING, ...Object.keys(mistakes).map((name) => name.split(",")[0])];
  expect(new Set(functions)).toEqual(new Set(known));
});

/** The one error class, which adapters export as well. */
const isOfCore = (name: string, own: string, value: unknown): boolean =>
  own === "AbstraktWebhookError" ||
  (name !== "core" && value === (core as Record<string, unknown>)[own]);

it.each(Object.entries(mistakes))("the stack of an error of %s begins at its caller", (_, call) => {
  const thrown = thrownBy(call);
  expect(thrown).toMatchObject({ code: "invalid_options" });
  const [, first] = thrown.stack?.split("\n    at ") ?? [];
  expect(first).toContain("error-stacks.test.ts");
});

it("the stack of a user's own error within `make` keeps its line", () => {
  const make = () => ({ auth: core.signedUrl({ secrets: [], url: "https://app.test/hook" }) });
  for (const shared of [core.sharedReceiver, forNext.sharedReceiver]) {
    const [, first] = thrownBy(() => shared("stack", {}, make)).stack?.split("\n    at ") ?? [];
    expect(first).toContain("make");
  }
});

it.each(Object.entries(mistakes))("an error of %s prints no symbol", (_, call) => {
  const printed = inspect(thrownBy(call), { getters: true });
  expect(printed).toMatch(/AbstraktWebhookError: .*[^]*code: 'invalid_options'/);
  expect(printed).not.toContain("Symbol(");
});
