import { createSubject, runAdapterSuite } from "@abstrakt-webhooks/testing";
import { describe, it } from "vitest";
import { handlers } from "./mounts.ts";

describe("Hono in process", () => {
  runAdapterSuite({ describe, it, skip: it.skip }, (setup) => {
    const { receiver, controls } = createSubject(setup);
    return { ...controls, fetch: handlers["Hono in process"](receiver) };
  });
});
