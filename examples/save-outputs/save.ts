import { randomUUID } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { fetchOutputs, type FetchOutputsOptions } from "@abstrakt-webhooks/client";
import type { JobSucceeded } from "@abstrakt-webhooks/core";

/** Saves a job's files. Returns their names; a second run overwrites the first one's files. */
export async function saveToFolder(
  job: JobSucceeded,
  folder: string,
  options: FetchOutputsOptions,
): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  const names: string[] = [];
  for await (const { index, body, extension } of fetchOutputs(job, options)) {
    const name = `${encodeURIComponent(job.job_id)}-${index}.${extension}`;
    // The file gets its name when it is complete, so that nobody reads half a file.
    const part = join(folder, `${randomUUID()}.part`);
    try {
      await pipeline(body, createWriteStream(part));
      await rename(part, join(folder, name));
    } finally {
      await rm(part, { force: true });
    }
    names.push(name);
  }
  return names;
}
