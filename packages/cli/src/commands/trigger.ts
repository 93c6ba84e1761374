import { defineCommand, flag, optional, repeated, withDefault } from "../definition/command.ts";
import { oneOf, text, wholeNumber } from "../definition/values.ts";
import { deliverAll } from "../delivery/deliver-all.ts";
import { makePayload, readPayloads } from "../delivery/payload.ts";
import { assignment } from "../delivery/set-path.ts";
import { secretFor, sign } from "../delivery/sign.ts";
import { wrongUse } from "../errors.ts";
import { endpoint, idOfJob, signing } from "./options.ts";

/** Sends deliveries to an endpoint. */
export const triggerCommand = defineCommand({
  name: "trigger",
  summary: "Send your app a result and print its answer",
  details: "The exit code is 0 when every answer is 2xx, and 1 otherwise.",
  args: { url: endpoint },
  options: {
    status: withDefault(
      oneOf(["succeeded", "failed", "processing"]),
      "succeeded",
      "The status of the job.",
    ),
    type: withDefault(oneOf(["image", "video", "audio"]), "image", "The kind of output."),
    jobId: optional(idOfJob, "The job's id. Default: a new one."),
    set: repeated(assignment, "Set a value in the payload: PATH=TEXT or PATH:=JSON."),
    times: withDefault(wholeNumber(1, 100_000), "1", "How often to send each payload."),
    concurrent: flag("Send all at once."),
    file: optional(
      text("FILE"),
      "Send this file, or standard input if it is -. A file of JSON lines is sent line by line.",
    ),
    ...signing,
  },
  examples: [
    "trigger http://localhost:3000/api/abstrakt-webhook",
    "trigger http://localhost:3000/api/abstrakt-webhook --status failed",
    "trigger http://localhost:3000/api/abstrakt-webhook --job-id job_1 --times 3 --concurrent",
    "trigger http://localhost:3000/api/abstrakt-webhook --set output.items[0].url=https://example.com/a.png",
  ],
  async run({ url, file, times, concurrent, secret, ref, ...wishes }, context) {
    const { terminal, output } = context;
    const excluded = wishes.jobId !== undefined || wishes.set.length > 0;
    if (file !== undefined && excluded) {
      throw wrongUse(
        "Expected `--file` alone, got `--job-id` or `--set` as well. Edit the file instead.",
      );
    }
    const payloads =
      file === undefined ? [makePayload(wishes)] : await readPayloads(file, terminal);
    const signed = await sign(url, { secret: await secretFor(url, { secret, ref }, context), ref });
    return deliverAll(signed, payloads, { times, concurrent }, output);
  },
});
