// Saves a job's files to a folder, in its own process: node save-to-folder.mjs <job> <folder>
import { createWriteStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { fetchOutputs } from "@abstrakt-webhooks/client";

const [job = "", folder] = process.argv.slice(2);
for await (const { index, body } of fetchOutputs(JSON.parse(job), { hosts: ["127.0.0.1"] })) {
  await pipeline(body, createWriteStream(`${folder}/${index}`));
}
const { maxRSS } = process.resourceUsage();
console.log(JSON.stringify({ maxRssMb: Math.round(maxRSS / 1024) }));
