import { fetchOutputs, type FetchOutputsOptions } from "@abstrakt-webhooks/client";
import type { JobSucceeded } from "@abstrakt-webhooks/core";

/** Saves a job's files. Returns their keys; a second run overwrites the first one's objects. */
export async function saveToR2(
  job: JobSucceeded,
  bucket: Pick<R2Bucket, "put">,
  options: FetchOutputsOptions,
): Promise<string[]> {
  const keys: string[] = [];
  for await (const { index, body, bytes, contentType, extension } of fetchOutputs(job, options)) {
    const key = `outputs/${encodeURIComponent(job.job_id)}/${index}.${extension}`;
    const httpMetadata = { contentType };
    if (bytes === undefined) {
      // R2 wants to know the size: such a file goes through memory, so keep `maxBytes` below 100 MB.
      await bucket.put(key, await new Response(body).arrayBuffer(), { httpMetadata });
    } else {
      const sized = new FixedLengthStream(bytes);
      await Promise.all([
        body.pipeTo(sized.writable),
        bucket.put(key, sized.readable, { httpMetadata }),
      ]);
    }
    keys.push(key);
  }
  return keys;
}
