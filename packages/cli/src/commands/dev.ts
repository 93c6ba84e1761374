import { defineCommand, optional, withDefault } from "../definition/command.ts";
import { httpUrl, text, wholeNumber } from "../definition/values.ts";
import { createKeyActions } from "../dev/key-actions.ts";
import { knobOptions } from "../dev/knobs.ts";
import { readKeys } from "../dev/keys.ts";
import { openRecording } from "../dev/recording.ts";
import { startSession, toCurl } from "../dev/session.ts";

const API_KEY_VARIABLE = "ABSTRAKT_API_KEY";
const DEFAULT_ENDPOINT = "http://localhost:3000/api/abstrakt-webhook";
const MAX_SEED = 2 ** 32 - 1;

/** Runs a simulated Abstrakt. */
export const devCommand = defineCommand({
  name: "dev",
  summary: "Run a simulated Abstrakt that delivers results to your app",
  details:
    "It listens on 127.0.0.1 only. A result goes to the `webhook_url` of its job, or to --forward if the job has none.\nOn a terminal, keys change how the simulator behaves. Press h for a list.",
  args: {},
  options: {
    forward: optional(httpUrl, "The endpoint for results of jobs without a `webhook_url`."),
    port: withDefault(wholeNumber(0, 65_535), "4010", "The port to listen on. 0 means a free one."),
    apiKey: optional(text("KEY"), "The API key that is accepted. Default: sim_key.", {
      env: API_KEY_VARIABLE,
    }),
    seed: optional(wholeNumber(0, MAX_SEED), "Repeat the jobs of this seed."),
    record: optional(text("FILE"), "Append each delivery to this file, for `trigger --file`."),
    ...knobOptions,
  },
  examples: [
    "dev",
    "dev --forward http://localhost:3000/api/abstrakt-webhook --duplicates 0.5 --delay 2s",
    "dev --record deliveries.jsonl --seed 7",
  ],
  async run({ forward, port, apiKey, seed, record, ...values }, { terminal, output }) {
    const recording =
      record === undefined ? undefined : openRecording(record, terminal.cwd, output);
    const key = apiKey ?? "sim_key";
    const options = { port, apiKey: key, forward, seed, values, record: recording };
    const session = await startSession(options, output);
    try {
      const { baseUrl, simulator } = session;
      // A key from the environment may be a real one, so it is not printed.
      const shownKey = terminal.env[API_KEY_VARIABLE] === key ? `$${API_KEY_VARIABLE}` : key;
      output.result(
        { event: "listening", baseUrl, apiKey: shownKey, seed: simulator.seed },
        [
          `API key:   ${shownKey}`,
          `Base URL:  ${baseUrl}`,
          `Try it:    ${toCurl(baseUrl, shownKey, forward === undefined ? DEFAULT_ENDPOINT : undefined)}`,
          `Page:      ${baseUrl}/`,
        ].join("\n"),
      );
      await readKeys(terminal, createKeyActions(session, forward, output));
      return true;
    } finally {
      await session.close();
    }
  },
});
