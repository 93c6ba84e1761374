/**
 * The documented handler that only puts the result into a queue. Nobody takes it out during the
 * measurement, which is in the queue's favour: this kit's callbacks run.
 *
 * @module
 */
import { Queue } from "bullmq";
import express from "express";
import { Redis } from "ioredis";
import PgBoss from "pg-boss";
import { PATH, type Mounted, type Save } from "./mounted.ts";
import { newName } from "./stores.ts";

/** `add`, with the job id that BullMQ offers against repeats. */
export function bullmq(save: Save): Mounted {
  const connection = new Redis(process.env["REDIS_URL"] ?? "", { maxRetriesPerRequest: null });
  const queue = new Queue(newName(), { connection });
  const add = (job: Job) => queue.add("result", job, { jobId: job.job_id });
  return {
    listener: handler(add, save),
    holds: async (jobId) => (await queue.getJob(jobId)) !== undefined,
  };
}

/** `send`, as its README says. It has no option that refuses a repeat for good. */
export async function pgBoss(save: Save): Promise<Mounted> {
  // It makes a schema of its own. The run drops all that begin with this name.
  const schema = `${process.env["BENCH_SCHEMA"]}_${process.pid}`;
  const boss = new PgBoss({ connectionString: process.env["DATABASE_URL"] ?? "", schema });
  await boss.start();
  await boss.createQueue("results");
  return {
    listener: handler((job) => boss.send("results", job), save),
    async holds(jobId) {
      const [found] = await boss.fetch<Job>("results");
      return found?.data.job_id === jobId;
    },
  };
}

interface Job {
  readonly job_id: string;
}

function handler(add: (job: Job) => Promise<unknown>, save: Save): Mounted["listener"] {
  const app = express();
  app.post(PATH, express.json(), async (req, res) => {
    await add(req.body);
    save(req.body.job_id);
    res.status(200).json({ received: true });
  });
  return app;
}
