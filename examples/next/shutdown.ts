import { receiver } from "./receiver";

// Needs NEXT_MANUAL_SIG_HANDLE=true, or Next ends the process as soon as its requests are over.
process.once("SIGTERM", () => {
  void receiver.drain().then(({ lost }) => process.exit(lost > 0 ? 1 : 0));
});
