import type { JobResult } from "../job-result.ts";
import { parsePayload } from "../payload/parse-payload.ts";

/** The result that a row's payload holds; `undefined` when it holds none that this version knows. */
export function storedResult(payload: string): JobResult | undefined {
  try {
    const parsed = parsePayload(JSON.parse(payload));
    return parsed.kind === "result" ? parsed.result : undefined;
  } catch {
    return undefined;
  }
}
