import type { HandlerContext, JobSucceeded } from "@abstrakt-webhooks/core";
import type { PostgresClient } from "@abstrakt-webhooks/store-postgres";
import type { Prisma, PrismaClient } from "./generated/client.ts";

/** The row and the completion of the job commit together, or neither does. */
export const saveImage = (prisma: PrismaClient, job: JobSucceeded, ctx: HandlerContext) =>
  prisma.$transaction(async (tx) => {
    const data = { jobId: job.job_id, url: job.output.items[0]?.url ?? null };
    await tx.image.create({ data });
    await ctx.settleIn(fromPrisma(tx)); // last, then commit
  });

/** A transaction of Prisma in the form that the store takes. */
const fromPrisma = (tx: Prisma.TransactionClient): PostgresClient => ({
  query: async (statement, values) => ({ rows: await tx.$queryRawUnsafe(statement, ...values) }),
});
