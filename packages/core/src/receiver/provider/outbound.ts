import type { JobClient, SubmittedJob } from "../../job-client.ts";
import type { Parts } from "../parts.ts";
import { createPoller, type Poller } from "./poller.ts";
import { submit, type SubmitOptions } from "./submit.ts";

/** The receiver's calls to the provider: it submits jobs, and polls the jobs that it expects. */
export interface Outbound extends Poller {
  /** Present when the client has `run`. */
  readonly submit?: (model: string, input: unknown, o?: SubmitOptions) => Promise<SubmittedJob>;
}

export const createOutbound = (parts: Parts, client: JobClient): Outbound => ({
  ...createPoller(parts, client),
  ...(typeof client.run === "function" && {
    submit: (model, input, o) => submit(parts, client, model, input, o),
  }),
});
