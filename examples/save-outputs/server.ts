import type { AddressInfo } from "node:net";
import { createApp } from "./app.ts";
import { folder, receiver } from "./receiver.ts";

const { PORT = "3000" } = process.env;

receiver.start();
const server = createApp(receiver, folder).listen(Number(PORT), () => {
  const { port } = server.address() as AddressInfo;
  console.log(`Listening on http://localhost:${port}/api/abstrakt-webhook`);
});

process.once("SIGTERM", async () => {
  const { lost } = await receiver.drain(); // while the server still answers
  process.exitCode = lost > 0 ? 1 : 0;
  server.close();
});
