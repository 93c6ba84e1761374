import { expect, it } from "vitest";
import type { EventBody } from "../../src/receiver/events/events.ts";
import { createApiOutage, createStoreOutage } from "../../src/receiver/events/outage.ts";

function watch() {
  const bodies: EventBody[] = [];
  const emit = (body: EventBody): void => void bodies.push(body);
  const warned = (): unknown[] => bodies.splice(0).map((body) => "error" in body && body.error);
  return { emit, warned };
}

const unavailable = (message: string) => ({ code: "store_unavailable", message });

it("each outage of deliveries is warned of once, with its cause", () => {
  const { emit, warned } = watch();
  const outage = createStoreOutage(emit);
  outage.failed("It is down.");
  outage.failed("It is down.");
  const message = "Deliveries are answered 503 until they can be stored. It is down.";
  expect(warned()).toEqual([unavailable(message)]);
  outage.over();
  outage.failed("It is down.");
  expect(warned()).toEqual([unavailable(message)]);
});

it("deliveries and checks share one warning, whichever fails first", () => {
  const { emit, warned } = watch();
  const outage = createStoreOutage(emit);
  outage.checks.failed("It is down.");
  outage.failed("It is down.");
  const message = "Due jobs wait until the store can be asked for them. It is down.";
  expect(warned()).toEqual([unavailable(message)]);
  outage.over();
  outage.failed("It is down.");
  outage.checks.failed("It is down.");
  expect(warned()).toHaveLength(1);
});

it("an outage with a code of its own is warned of beside the usual one, and once", () => {
  const { emit, warned } = watch();
  const outage = createStoreOutage(emit);
  outage.checks.failed("It is down.");
  expect(warned()).toHaveLength(1);
  outage.failed("It is full.", "store_full");
  outage.failed("It is full.", "store_full");
  outage.failed("It is down.");
  expect(warned()).toMatchObject([{ code: "store_full" }]);
});

it("an outage of the API is warned of once, apart from those of the store", () => {
  const { emit, warned } = watch();
  createStoreOutage(emit).failed("It is down.");
  expect(warned()).toHaveLength(1);
  const outage = createApiOutage(emit);
  outage.failed("503");
  outage.failed("503");
  const message =
    "Expected jobs and unconfirmed results wait until the provider's API can be asked for them. 503";
  expect(warned()).toEqual([{ code: "api_unavailable", message }]);
});
