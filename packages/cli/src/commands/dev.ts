import { defineCommand, optional, withDefault } from "../definition/command.ts";
import { httpUrl, text, wholeNumber } from "../definition/values.ts";
import { createKeyboard } from "../dev/keyboard.ts";
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
    "It listens on 127.0.0.1 alone. A result goes to its job's `webhook_url`; to --forward when it has none.\nOn a terminal, keys turn the knobs; press h to see them.",
  args: {},
  options: {
    forward: optional(httpUrl, "Where results of jobs without a `webhook_url` go."),
    port: withDefault(wholeNumber(0, 65_535), "4010", "The port to listen on; 0 takes a free one."),
    apiKey: optional(text("KEY"), "The API key that is let in; sim_key when left out.", {
      env: API_KEY_VARIABLE,
    }),
    seed: optional(wholeNumber(0, MAX_SEED), "The same seed and jobs have the same results."),
    record: optional(text("FILE"), "Add each delivery to this file, for `trigger --file`."),
    ...knobOptions,
  },
  examples: [
    "dev",
    "dev --forward http://localhost:3000/api/abstrakt-webhook --duplicates 0.5 --delay 2s",
    "dev --record deliveries.jsonl --seed 7",
  ],
  async run({ forward, port, apiKey, seed, record, ...values }, { terminal, output }) {
    const recording = record === undefined ? undefined : openRecording(record, terminal.cwd);
    const key = apiKey ?? "sim_key";
    const options = { port, apiKey: key, forward, seed, values, record: recording };
    const session = await startSession(options, output);
    try {
      const { baseUrl, simulator } = session;
      // A key that somebody keeps in the environment stays off the screen.
      const shownKey = terminal.env[API_KEY_VARIABLE] === key ? `$${API_KEY_VARIABLE}` : key;
      output.result(
        { event: "listening", baseUrl, apiKey: shownKey, seed: simulator.seed },
        [
          `API key:   ${shownKey}`,
          `Base URL:  ${baseUrl}`,
          `Try it:    ${toCurl(baseUrl, shownKey, forward ?? DEFAULT_ENDPOINT)}`,
        ].join("\n"),
      );
      await readKeys(terminal, createKeyboard(session, { forward, values }, output));
      return true;
    } finally {
      await session.close();
    }
  },
});
