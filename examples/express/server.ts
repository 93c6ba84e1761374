import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { createApp } from "./app.ts";
import { receiver } from "./receiver.ts";

const { PORT = "3000" } = process.env;

receiver.start(); // with a durable store, it handles the results that the last process left

const server = createApp(receiver).listen(Number(PORT), (error) => {
  if (error) throw error;
  const { port } = server.address() as AddressInfo;
  console.log(`Listening on http://localhost:${port}/api/abstrakt-webhook`);
});

process.once("SIGTERM", async () => {
  // The server still answers, with `connection: close`. So it cuts off no connection.
  const [{ lost }] = await Promise.all([receiver.drain(), sleep(1_000)]);
  process.exitCode = lost > 0 ? 1 : 0;
  server.close(() => process.exit());
  setTimeout(() => process.exit(), 4_000); // an open connection must not keep the process alive
});
