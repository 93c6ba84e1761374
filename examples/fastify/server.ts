import { createApp } from "./app.ts";
import { receiver } from "./receiver.ts";

const { PORT = "3000" } = process.env;

receiver.start();
const app = createApp(receiver);
const origin = await app.listen({ port: Number(PORT), host: "127.0.0.1" });
console.log(`Listening on ${origin}/api/abstrakt-webhook`);

process.once("SIGTERM", async () => {
  const { lost } = await receiver.drain(); // while the server still answers
  process.exitCode = lost > 0 ? 1 : 0;
  await app.close();
});
