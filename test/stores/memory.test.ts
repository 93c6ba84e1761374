import { runStoreSuite } from "@abstrakt-webhooks/testing";
import { describe, it } from "vitest";
import { bootMemory } from "./boot-memory.ts";

describe("memory store", () => {
  runStoreSuite({ describe, it, skip: it.skip }, bootMemory, { bounded: true });
});
