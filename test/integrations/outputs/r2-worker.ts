import type { JobSucceeded } from "@abstrakt-webhooks/core";
import { saveToR2 } from "./to-r2.ts";

/** Saves the job of the request. */
const worker = {
  async fetch(request: Request, { OUTPUTS }: { OUTPUTS: R2Bucket }): Promise<Response> {
    const job = (await request.json()) as JobSucceeded;
    try {
      return Response.json(await saveToR2(job, OUTPUTS, { hosts: ["127.0.0.1"] }));
    } catch (thrown) {
      return Response.json(thrown, { status: 500 });
    }
  },
};

// oxlint-disable-next-line import/no-default-export -- a Worker is its default export
export default worker;
