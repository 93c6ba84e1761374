import { setTimeout as sleep } from "node:timers/promises";
import { receiver } from "./receiver";

// Needs NEXT_MANUAL_SIG_HANDLE=true, or Next ends the process as soon as its requests are over.
process.once("SIGTERM", async () => {
  // It listens on for now, and its answers send those who deliver elsewhere: nothing is cut off.
  const [{ lost }] = await Promise.all([receiver.drain(), sleep(1_000)]);
  process.exit(lost > 0 ? 1 : 0);
});
