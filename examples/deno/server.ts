import { receiver } from "./receiver.ts";

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const PATH = "/api/abstrakt-webhook";

const server = Deno.serve(
  {
    port: Number(Deno.env.get("PORT") ?? 3000),
    onListen: ({ port }) => console.log(`Listening on http://localhost:${port}${PATH}`),
  },
  (request) => {
    const { pathname } = new URL(request.url);
    return pathname === PATH ? receiver.fetch(request) : new Response("Not found", { status: 404 });
  },
);
// Handles the results that the last process left.
receiver.start();

Deno.addSignalListener("SIGTERM", async () => {
  // The server still answers, with `connection: close`. So it cuts off no connection.
  await Promise.all([receiver.drain(), sleep(1_000)]);
  setTimeout(() => Deno.exit(0), 4_000); // an open connection must not keep the process alive
  await server.shutdown();
  Deno.exit(0);
});
