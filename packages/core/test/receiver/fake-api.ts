import { vi } from "vitest";
import { toBinding } from "../../src/auth/binding.ts";
import type { Auth, JobClient, SubmittedJob } from "../../src/index.ts";

/** A provider that answers by job id: with a body, or with what a function returns or throws. */
export function fakeApi(bodies: Record<string, unknown> = {}) {
  let submissions = 0;
  const run = vi.fn(
    async (
      _model: string,
      _request: { input: unknown; webhook_url?: string },
    ): Promise<SubmittedJob> => {
      submissions += 1;
      return { job_id: `job-${submissions}`, request_id: "req", status: "processing" };
    },
  );
  const getJob = vi.fn(async (jobId: string, _o?: { signal?: AbortSignal }): Promise<unknown> => {
    const body = bodies[jobId];
    return typeof body === "function" ? (body as () => unknown)() : body;
  });
  const client: JobClient = { run, getJob };
  const asked = (): string[] => getJob.mock.calls.map(([jobId]) => jobId);
  return { client, bodies, run, getJob, asked };
}

export const pending = (jobId: string) => ({ job_id: jobId, status: "processing" });

/** An API error, as a client throws it. */
export const apiError = (message: string, o: { status?: number; retryAfterMs?: number } = {}) =>
  Object.assign(new Error(message), o);

/** Mints `https://hook.test/?k=<binding>` and admits each URL with a binding. */
export function mintingAuth(): Auth {
  let nonces = 0;
  return {
    admit({ url }) {
      const binding = new URL(url, "https://hook.test").searchParams.get("k");
      return binding === null ? false : { binding };
    },
    async mint({ ref }) {
      nonces += 1;
      const binding = toBinding({ nonce: `n${nonces}`, ...(ref !== undefined && { ref }) });
      return { url: `https://hook.test/?k=${binding}`, binding };
    },
  };
}
