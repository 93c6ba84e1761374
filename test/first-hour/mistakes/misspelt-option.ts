import { createReceiver, memoryStore } from "@abstrakt-webhooks/express";

const receiver = createReceiver({ auth: "none", store: memoryStore() });

const o = { timeout: 1_000 };
// A compiler would report it too.
await receiver.result("job_1", o as never);
