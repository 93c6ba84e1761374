import type { Output } from "../output.ts";
import { knobs, toSimulatorKnobs, type KnobName, type KnobValues } from "./knobs.ts";
import { submitJob, type Session } from "./session.ts";

/** What the keys begin with. */
export interface KeyboardState {
  readonly forward?: string | undefined;
  readonly values: KnobValues;
}

const names = Object.keys(knobs) as KnobName[];

/** What each key of `dev` does. A key that means nothing is ignored. */
export function createKeyboard(
  session: Session,
  { forward, values }: KeyboardState,
  output: Output,
): (key: string) => void {
  const { simulator } = session;
  let turned = values;

  const turn = (name: KnobName): void => {
    const { steps, toWords } = knobs[name];
    const current = turned[name];
    const value = steps[(current === undefined ? -1 : steps.indexOf(current)) + 1] ?? steps[0] ?? 0;
    turned = { ...turned, [name]: value };
    simulator.configure(toSimulatorKnobs(turned));
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
        "Expected `--forward URL` at the start. Without it `t` has nowhere to send a result.",
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
    ["t", "Start a job whose result goes to --forward."],
    ...names.map((name) => [knobs[name].key, `${name}: ${knobs[name].summary}`] as const),
    ["s", "seed: The next one."],
    ["q", "End."],
  ];
  return rows.map(([key, summary]) => `${key}  ${summary}`).join("\n");
}
