import { receiver } from "../memory.js";

export const dynamic = "force-dynamic";

/** Submits a job each time it is rendered. */
export default async function Page() {
  const { job_id: jobId } = await receiver.submit("model", {}, { ref: "the page" });
  return <p>{`job:${jobId}`}</p>;
}
