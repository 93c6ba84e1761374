import type { Output } from "../output.ts";
import { knobs, type KnobName } from "./knobs.ts";
import { submitJob, type Session } from "./session.ts";

const names = Object.keys(knobs) as KnobName[];

/** Makes the function that handles a key of `dev`. It ignores other keys. */
export function createKeyActions(
  session: Session,
  forward: string | undefined,
  output: Output,
): (key: string) => void {
  const { simulator, currentKnobs } = session;

  const turn = (name: KnobName): void => {
    const { steps, toWords } = knobs[name];
    // After the last step, and after a value that is no step, comes the first step.
    const value =
      steps[steps.findIndex((step) => step === currentKnobs.values()[name]) + 1] ?? steps[0] ?? 0;
    currentKnobs.set(name, value);
    output.result({ event: "knob", name, value }, `${name}: ${toWords(value)}`);
  };
  const reseed = (): void => {
    const seed = (simulator.seed + 1) % 2 ** 32;
    simulator.configure({ seed });
    output.result({ event: "knob", name: "seed", value: seed }, `seed: ${seed}`);
  };
  const trigger = (): void => {
    if (forward === undefined)
      output.note(
        "Expected `--forward URL`, got nothing. Start `dev` with it to send results by `t`.",
      );
    else void submitJob(session);
  };

  return (key) => {
    const name = names.find((one) => knobs[one].key === key);
    if (name !== undefined) turn(name);
    else if (key === "s") reseed();
    else if (key === "t") trigger();
    else if (key === "h") output.text(toHelp());
  };
}

function toHelp(): string {
  const rows: (readonly [key: string, summary: string])[] = [
    ["t", "Submit a job whose result goes to --forward."],
    ...names.map((name) => [knobs[name].key, `${name}: ${knobs[name].summary}`] as const),
    ["s", "seed: Use the next seed."],
    ["q", "End."],
  ];
  return rows.map(([key, summary]) => `${key}  ${summary}`).join("\n");
}
