import type { Simulator, SimulatorKnobs } from "@abstrakt-webhooks/testing/simulator";
import { optional, type Parameter } from "../definition/command.ts";
import { duration, rate, type ValueType } from "../definition/values.ts";

/** A setting of the simulator: an option of `dev` sets it at the start, a key changes it later. */
export interface Knob {
  readonly key: string;
  readonly summary: string;
  readonly type: ValueType<number>;
  /** What the simulator does where nothing is set. Absent where it varies. */
  readonly unset?: number;
  /** The values that the key selects in turn. */
  readonly steps: readonly number[];
  /** The value for people. */
  toWords(value: number): string;
  toSimulator(value: number): SimulatorKnobs;
}

/** The longest delay of `setTimeout`. With a longer delay it fires at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** A duration that a job can run. */
const delay: ValueType<number> = {
  ...duration,
  expected: "a duration of at most 24d, such as 500ms, 90s, 15m or 12h",
  schema: duration.schema.refine((ms) => ms <= MAX_TIMER_MS),
};

const toPercent = (value: number): string => `${Math.round(value * 100)} %`;

const rateKnob = (
  key: string,
  summary: string,
  toSimulator: (value: number) => SimulatorKnobs,
): Knob => ({
  key,
  summary,
  type: rate,
  unset: 0,
  steps: [0.5, 1, 0],
  toWords: toPercent,
  toSimulator,
});

/** All knobs by the name of their option. */
export const knobs = {
  delay: {
    key: "l",
    summary: "How long each job runs.",
    type: delay,
    steps: [1_000, 5_000, 0],
    toWords: (value) => (value < 1_000 ? `${value} ms` : `${value / 1_000} s`),
    toSimulator: (value) => ({ latency: { minMs: value, maxMs: value } }),
  },
  duplicates: rateKnob("d", "The share of results that are sent twice.", (value) => ({
    duplicateRate: value,
  })),
  drops: rateKnob("x", "The share of results that are never sent.", (value) => ({
    dropRate: value,
  })),
  reordering: rateKnob("o", "The share of results that are sent after later ones.", (value) => ({
    reorderRate: value,
  })),
  failures: rateKnob("f", "The share of jobs that fail.", (value) => ({ failureRate: value })),
} satisfies Record<string, Knob>;

/** A knob's name. */
export type KnobName = keyof typeof knobs;

/** The value of each knob that is set. */
export type KnobValues = { readonly [Name in KnobName]?: number | undefined };

/** The options of `dev` that set knobs. */
export const knobOptions = Object.fromEntries(
  Object.entries(knobs).map(([name, { type, summary }]) => [name, optional(type, summary)]),
) as Record<KnobName, Parameter<number | undefined>>;

/** The simulator's options for these values. */
export function toSimulatorKnobs(values: KnobValues): SimulatorKnobs {
  const names = Object.keys(knobs) as KnobName[];
  const settings = names.map((name) => {
    const value = values[name];
    return value === undefined ? {} : knobs[name].toSimulator(value);
  });
  return Object.assign({}, ...settings) as SimulatorKnobs;
}

/** The values of the knobs now. Keys and the page change them. */
export interface CurrentKnobs {
  values(): KnobValues;
  set(name: KnobName, value: number): void;
}

/** Keeps the values, and configures the simulator with them. */
export function createCurrentKnobs(simulator: Simulator, initial: KnobValues): CurrentKnobs {
  let values = initial;
  return {
    values: () => values,
    set(name, value) {
      const changed = { ...values, [name]: value };
      simulator.configure(toSimulatorKnobs(changed));
      values = changed;
    },
  };
}
