import { serve } from "h3";
import { createApp } from "./app.ts";
import { receiver } from "./receiver.ts";

const { PORT = "3000" } = process.env;

receiver.start();
const server = serve(createApp(receiver), {
  port: Number(PORT),
  hostname: "localhost",
  silent: true,
  gracefulShutdown: false,
});
await server.ready();
console.log(`Listening on ${new URL("/api/abstrakt-webhook", server.url).href}`);

process.once("SIGTERM", async () => {
  const { lost } = await receiver.drain(); // while the server still answers
  process.exitCode = lost > 0 ? 1 : 0;
  await server.close();
});
