import { receiver } from "./receiver.ts";

const { PORT = "3000" } = process.env;

const server = Bun.serve({
  port: PORT,
  routes: { "/api/abstrakt-webhook": (request) => receiver.fetch(request) },
});
// Runs what the last process has left.
receiver.start();
console.log(`Listening on http://localhost:${server.port}/api/abstrakt-webhook`);

process.once("SIGTERM", async () => {
  // It listens on for now, and its answers send those who deliver elsewhere: nothing is cut off.
  await Promise.all([receiver.drain(), Bun.sleep(1_000)]);
  setTimeout(() => process.exit(0), 4_000); // a connection that says nothing holds it up no longer
  await server.stop();
  process.exit(0);
});
