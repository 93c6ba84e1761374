import { z } from "zod";
import { parsePayload } from "@abstrakt-webhooks/core";

const known = parsePayload(z.object({ job_id: z.string() }).parse({ job_id: "job" }));
known.kind satisfies "result" | "pending" | "unrecognized" | "malformed";
