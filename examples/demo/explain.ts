import { batch } from "./batch.ts";
import type { Paint } from "./paint.ts";
import { posts } from "./strays.ts";

type Planted = (typeof batch)[number];

const deliveriesOf = ({ fate }: Planted): readonly string[] => fate.deliveries ?? ["normal"];
const count = (matches: (job: Planted) => boolean): number => batch.filter(matches).length;
const has = (kind: string) => count((job) => deliveriesOf(job).includes(kind));

/** What the simulated Abstrakt and the demo do on purpose. */
export function toPlanted(paint: Paint): string[] {
  const bad = posts.filter(({ expected }) => expected >= 400).length;
  const rows: readonly (readonly [count: number, text: string])[] = [
    [count((job) => deliveriesOf(job).join() === "normal"), "results are sent once"],
    [has("duplicate"), "results are sent twice or three times"],
    [has("late"), "results are sent late"],
    [has("corrupt"), "results are cut off, and sent whole afterwards"],
    [has("conflict"), "results are followed by a different one for the same job"],
    [count((job) => deliveriesOf(job).length === 0), "results are never sent: GET finds them"],
    [bad, "requests are not results at all, such as HTML, and must be refused"],
    [posts.length - bad, "requests have a status that is not a result"],
  ];
  const audio = count((job) => job.media === "audio" && job.fate.status !== "failed");
  return [
    `${paint("bold", "Planted")}, in ${batch.length} jobs and ${posts.length} other requests:`,
    ...rows.map(([number, text]) => `  ${String(number).padStart(3)}  ${text}`),
    `The callback throws at the first attempt of each of the ${audio} audio jobs.`,
  ];
}

const WORDS: readonly (readonly [word: string, meaning: string])[] = [
  ["stored", "the result is in the store, and the answer is 200"],
  ["done", "the callback has returned"],
  ["retry", "the callback threw, and runs again"],
  ["duplicate", "the same result came again: no callback runs"],
  ["conflict", "a different result came for the job: the first one counts"],
  ["refused", "the answer is an error, and nothing is stored"],
  ["ignored", "the job still runs: there is nothing to store"],
  ["parked", "the status is unknown: the store keeps it for a person"],
  ["dead", "the job is a dead letter: it is not tried again"],
];

/** What the first word of each line means. */
export const toKey = (paint: Paint): string[] => [
  `${paint("bold", "Words")} in the lines below:`,
  ...WORDS.map(([word, meaning]) => `  ${word.padEnd(9)}  ${meaning}`),
  "After the job's id stands the kind of its output, or `failed` for a job that failed at Abstrakt.",
];

/** What to read next. */
export const toNext = (paint: Paint): string[] => [
  paint("bold", "Look at next"),
  "  examples/express/app.ts         the app that received all this",
  "  npx -y pnpm@10 demo --keep      the same, and then a job of your own",
  "  docs/README.md                  a page for each task",
];
