import { receiver } from "./receiver.ts";

const { PORT = "3000" } = process.env;

const server = Bun.serve({
  port: PORT,
  routes: { "/api/abstrakt-webhook": (request) => receiver.fetch(request) },
});
// Handles the results that the last process left.
receiver.start();
console.log(`Listening on http://localhost:${server.port}/api/abstrakt-webhook`);

process.once("SIGTERM", async () => {
  // The server still answers, with `connection: close`. So it cuts off no connection.
  await Promise.all([receiver.drain(), Bun.sleep(1_000)]);
  setTimeout(() => process.exit(0), 4_000); // an open connection must not keep the process alive
  await server.stop();
  process.exit(0);
});
