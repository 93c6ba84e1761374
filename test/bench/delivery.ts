/** The one answer that a server may give to a new result. */
export const ACCEPTED = '{"received":true}';

/** The documented success payload, as the provider posts it. */
export function successPayload(index: number): string {
  const jobId = `job_${String(index).padStart(12, "0")}`;
  return `{"job_id":"${jobId}","status":"succeeded","output":{"type":"image","items":[{"type":"image","url":"https://cdn.abstrakt.one/outputs/${jobId}.png"}]},"credits_used":1,"completed_at":"2026-02-08T10:30:45Z"}`;
}
