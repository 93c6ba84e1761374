import { isBearer } from "../../../bearer";
import { receiver } from "../../../receiver";

export const maxDuration = 60;

/** Called from a schedule: runs what is due, and what an instance that is gone has left. */
export async function GET(request: Request): Promise<Response> {
  if (!isBearer(request, process.env.CRON_SECRET)) return new Response(null, { status: 401 });
  return Response.json(await receiver.tick());
}
