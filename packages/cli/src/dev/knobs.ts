import type { SimulatorKnobs } from "@abstrakt-webhooks/testing/simulator";
import { optional, type Parameter } from "../definition/command.ts";
import { duration, rate, type ValueType } from "../definition/values.ts";

/** What may be turned while `dev` runs: by an option at its start, by a key later. */
export interface Knob {
  readonly key: string;
  readonly summary: string;
  readonly type: ValueType<number>;
  /** What the key goes through, and then begins again. */
  readonly steps: readonly number[];
  /** The value for people. */
  toWords(value: number): string;
  toSimulator(value: number): SimulatorKnobs;
}

const toPercent = (value: number): string => `${Math.round(value * 100)} %`;

const rateKnob = (
  key: string,
  summary: string,
  toSimulator: (value: number) => SimulatorKnobs,
): Knob => ({ key, summary, type: rate, steps: [0.5, 1, 0], toWords: toPercent, toSimulator });

/** All knobs by the name of their option. */
export const knobs = {
  delay: {
    key: "l",
    summary: "How long a job runs.",
    type: duration,
    steps: [1_000, 5_000, 0],
    toWords: (value) => `${value} ms`,
    toSimulator: (value) => ({ latency: { minMs: value, maxMs: value } }),
  },
  duplicates: rateKnob("d", "Results that are sent twice.", (value) => ({ duplicateRate: value })),
  drops: rateKnob("x", "Results that are never sent.", (value) => ({ dropRate: value })),
  reordering: rateKnob("o", "Results that come after later ones.", (value) => ({
    reorderRate: value,
  })),
  failures: rateKnob("f", "Jobs that fail.", (value) => ({ failureRate: value })),
} satisfies Record<string, Knob>;

/** A knob's name. */
export type KnobName = keyof typeof knobs;

/** The value of every knob that is turned. */
export type KnobValues = { readonly [Name in KnobName]?: number | undefined };

/** The options of `dev` that set knobs. */
export const knobOptions = Object.fromEntries(
  Object.entries(knobs).map(([name, { type, summary }]) => [name, optional(type, summary)]),
) as Record<KnobName, Parameter<number | undefined>>;

/** What the simulator has to be told for these values. */
export function toSimulatorKnobs(values: KnobValues): SimulatorKnobs {
  const names = Object.keys(knobs) as KnobName[];
  const settings = names.map((name) => {
    const value = values[name];
    return value === undefined ? {} : knobs[name].toSimulator(value);
  });
  return Object.assign({}, ...settings) as SimulatorKnobs;
}
