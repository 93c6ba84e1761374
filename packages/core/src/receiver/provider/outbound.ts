import type { JobClient, SubmittedJob } from "../../job-client.ts";
import type { Kit } from "../parts.ts";
import { createPoller, type Poller } from "./poller.ts";
import { submit, type SubmitOptions } from "./submit.ts";

/** What a receiver does at the provider: it starts jobs there, and asks for those that it expects. */
export interface Outbound extends Poller {
  /** There when the client has `run`. */
  readonly submit?: (model: string, input: unknown, o?: SubmitOptions) => Promise<SubmittedJob>;
}

export const createOutbound = (kit: Kit, client: JobClient): Outbound => ({
  ...createPoller(kit, client),
  ...(typeof client.run === "function" && {
    submit: (model, input, o) => submit(kit, client, model, input, o),
  }),
});
