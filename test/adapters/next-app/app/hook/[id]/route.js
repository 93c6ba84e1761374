import { subjectOf } from "../../subjects.js";

async function handle(request, { params }) {
  const { id } = await params;
  return subjectOf(id).handler(request);
}

export { handle as DELETE, handle as GET, handle as PATCH, handle as POST, handle as PUT };
