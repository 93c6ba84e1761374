import type { AddressInfo } from "node:net";
import { createApp } from "./app.ts";
import { receiver } from "./receiver.ts";

const { PORT = "3000" } = process.env;

const server = createApp(receiver).listen(Number(PORT), (error) => {
  if (error) throw error;
  const { port } = server.address() as AddressInfo;
  console.log(`Listening on http://localhost:${port}/api/abstrakt-webhook`);
});

// Take no new connection, answer what is under way, then let the callbacks end.
process.once("SIGTERM", () => {
  server.close(async () => {
    const { lost } = await receiver.drain();
    if (lost > 0) process.exitCode = 1;
  });
});
