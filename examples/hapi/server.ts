import { createApp } from "./app.ts";
import { receiver } from "./receiver.ts";

const { PORT = "3000" } = process.env;

receiver.start();
const server = createApp(receiver, { port: Number(PORT), host: "localhost" });
await server.start();
console.log(`Listening on ${server.info.uri}/api/abstrakt-webhook`);

process.once("SIGTERM", async () => {
  const { lost } = await receiver.drain(); // while the server still answers
  process.exitCode = lost > 0 ? 1 : 0;
  await server.stop();
});
