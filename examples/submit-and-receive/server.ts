import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { createApp } from "./app.ts";
import { openProvider } from "./provider.ts";
import { createAppReceiver } from "./receiver.ts";

const { PORT = "3000", PUBLIC_URL, WEBHOOK_SECRET, ABSTRAKT_API_KEY } = process.env;

const provider = await openProvider();
// The simulator can reach this machine. Abstrakt can reach it only with a public URL.
const origin = PUBLIC_URL ?? (ABSTRAKT_API_KEY ? undefined : `http://localhost:${PORT}`);
const receiver = createAppReceiver(
  provider.options,
  origin === undefined
    ? undefined
    : {
        url: new URL("/api/abstrakt-webhook", origin).href,
        // In production, keep the secret: the receiver refuses URLs that another secret has signed.
        secret: WEBHOOK_SECRET ?? randomBytes(32).toString("hex"),
      },
);
receiver.start();

const server = createApp(receiver).listen(Number(PORT), (error) => {
  if (error) throw error;
  const way =
    origin === undefined ? "polling alone, as PUBLIC_URL is not set" : "webhooks and polling";
  console.log(`Open http://localhost:${PORT}/ (${provider.name}, ${way})`);
});

process.once("SIGTERM", async () => {
  // The server still answers, with `connection: close`. So it cuts off no connection.
  await Promise.all([receiver.drain(), sleep(1_000)]);
  server.close(() => void provider.close().finally(() => process.exit()));
  setTimeout(() => process.exit(), 4_000); // an open connection must not keep the process alive
});
