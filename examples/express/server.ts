import type { AddressInfo } from "node:net";
import { createApp } from "./app.ts";
import { receiver } from "./receiver.ts";

const { PORT = "3000" } = process.env;

const server = createApp(receiver).listen(Number(PORT), (error) => {
  if (error) throw error;
  const { port } = server.address() as AddressInfo;
  console.log(`Listening on http://localhost:${port}/api/abstrakt-webhook`);
});

// Not in the callback of `close`: a sender that keeps its connection busy would hold it up for ever.
process.once("SIGTERM", () => {
  server.close();
  void receiver.drain().then(({ lost }) => process.exit(lost > 0 ? 1 : 0));
});
