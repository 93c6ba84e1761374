import { receiver } from "./receiver.ts";

const { PORT = "3000" } = process.env;

const server = Bun.serve({
  port: PORT,
  routes: { "/api/abstrakt-webhook": (request) => receiver.fetch(request) },
});
// Runs the results that the last process left.
receiver.start();
console.log(`Listening on http://localhost:${server.port}/api/abstrakt-webhook`);

process.once("SIGTERM", async () => {
  // The server still answers, and tells senders to use another instance. No connection is cut off.
  await Promise.all([receiver.drain(), Bun.sleep(1_000)]);
  setTimeout(() => process.exit(0), 4_000); // a connection that says nothing holds it up no longer
  await server.stop();
  process.exit(0);
});
