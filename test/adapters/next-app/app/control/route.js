import { boot, subjectOf, uncaught } from "../subjects.js";

export async function POST(request) {
  const { action, id, setup, argument } = await request.json();
  if (action === "boot") return Response.json({ id: boot(setup) });
  if (action === "memory") return Response.json(process.memoryUsage());
  if (action === "uncaught") return Response.json(uncaught());
  return Response.json((await subjectOf(id).controls[action](argument)) ?? null);
}
