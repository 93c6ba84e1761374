import { fetchOutputs, type FetchOutputsOptions } from "@abstrakt-webhooks/client";
import type { JobSucceeded } from "@abstrakt-webhooks/core";
import type { S3Client } from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";

/** Saves a job's files. Returns their keys; a second run overwrites the first one's objects. */
export async function saveToS3(
  job: JobSucceeded,
  client: S3Client,
  bucket: string,
  options: FetchOutputsOptions,
): Promise<string[]> {
  const keys: string[] = [];
  for await (const { index, body, contentType, extension } of fetchOutputs(job, options)) {
    const key = `outputs/${encodeURIComponent(job.job_id)}/${index}.${extension}`;
    // In parts of 5 MB, two at a time: it needs no size beforehand. A failed upload is aborted.
    const upload = new Upload({
      client,
      queueSize: 2,
      params: { Bucket: bucket, Key: key, Body: body, ContentType: contentType },
    });
    await upload.done();
    keys.push(key);
  }
  return keys;
}
