import { isBearer } from "../../../bearer";
import { receiver } from "../../../receiver";

export const maxDuration = 60;

/** A schedule calls it. It runs what is due, and what an instance left that has ended. */
export async function GET(request: Request): Promise<Response> {
  if (!isBearer(request, process.env.CRON_SECRET)) return new Response(null, { status: 401 });
  return Response.json(await receiver.tick());
}
