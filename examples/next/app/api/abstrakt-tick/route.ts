import { isBearer } from "../../../bearer";
import { receiver } from "../../../receiver";

export const maxDuration = 60;

/** A schedule calls this route. It runs jobs that are due, and jobs that an ended instance left. */
export async function GET(request: Request): Promise<Response> {
  if (!isBearer(request, process.env.CRON_SECRET)) return new Response(null, { status: 401 });
  return Response.json(await receiver.tick());
}
