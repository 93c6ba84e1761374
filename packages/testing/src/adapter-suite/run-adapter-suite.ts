import { checkedFor, requireFunction } from "@abstrakt-webhooks/core/adapter";
import { readCapabilities } from "../checks.ts";
import type { Defined } from "../defined.ts";
import type { TestApi } from "../test-api.ts";
import { acceptedTests } from "./accepted-requests.ts";
import { backgroundTests } from "./background.ts";
import { badBodyTests } from "./bad-bodies.ts";
import { createTestCase } from "./test-case.ts";
import { goodBodyTests } from "./good-bodies.ts";
import { handledTests } from "./ack-handled.ts";
import { hostTests } from "./hosts.ts";
import { pollTests } from "./polls.ts";
import { pushedBodyTests } from "./pushed-bodies.ts";
import { refusalTests } from "./refused-requests.ts";
import { signedBodyTests } from "./signed-bodies.ts";
import type { AdapterCapabilities, BootAdapter } from "./target.ts";

const DEFAULTS: Required<Defined<AdapterCapabilities>> = {
  connections: false,
  uncaught: false,
  patienceMs: 25_000,
};

/**
 * Registers the tests that every adapter must pass: each answer, valid and hostile bodies, and
 * callbacks after the answer. Each test boots its own endpoint. Mount the endpoint for every
 * method, because the receiver itself refuses every method but POST.
 *
 * @param api `describe` and `it` of the test runner. With `skip`, the runner reports skipped tests.
 * @param boot makes an endpoint with the receiver of `createSubject(setup)`. The receiver may run
 *   in another process, because a setup and a report are plain data.
 * @param capabilities what the target can do beside answering requests.
 * @throws AbstraktWebhookError `invalid_options` for an unknown capability, or one that is out of
 *   range.
 *
 * @example
 * ```ts
 * import { describe, it } from "vitest";
 * import { createSubject, runAdapterSuite } from "@abstrakt-webhooks/testing";
 *
 * describe("my adapter", () => {
 *   runAdapterSuite({ describe, it, skip: it.skip }, (setup) => {
 *     const { receiver, controls } = createSubject(setup);
 *     const handler = myAdapter(receiver);
 *     return { ...controls, fetch: (request) => handler(request) };
 *   });
 * });
 * ```
 */
export function runAdapterSuite(
  api: TestApi,
  boot: BootAdapter,
  capabilities: AdapterCapabilities = {},
): void {
  const declared = checkedFor(runAdapterSuite, () => {
    requireFunction("boot", boot);
    return readCapabilities(DEFAULTS, capabilities);
  });
  const test = createTestCase(api, boot, declared);
  api.describe("accepted", () => acceptedTests(test));
  api.describe("refused", () => refusalTests(test));
  api.describe("good bodies", () => goodBodyTests(test));
  api.describe("bad bodies", () => badBodyTests(test));
  api.describe("pushed bodies", () => pushedBodyTests(test));
  api.describe("signed bodies", () => signedBodyTests(test));
  api.describe("background", () => backgroundTests(test));
  api.describe("hosts", () => hostTests(test));
  api.describe("polls", () => pollTests(test));
  api.describe('ack: "handled"', () => handledTests(test));
}
