import { z } from "zod";

/** A kind of value on the command line. */
export interface ValueType<T> {
  /** As help names it: `N`. */
  readonly placeholder: string;
  /** Completes the sentence "Expected `--times` to be ...". */
  readonly expected: string;
  readonly schema: z.ZodType<T, string>;
  /** All possible values, if there are few. */
  readonly choices?: readonly string[];
  /** No message may contain the value. */
  readonly secret?: true;
}

const UNIT_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

const MIN_SECRET_LENGTH = 32;

/** Text as it was typed. */
export const text = (placeholder: string): ValueType<string> => ({
  placeholder,
  expected: "text",
  schema: z.string().min(1),
});

/** A whole number within bounds. */
export const wholeNumber = (min: number, max: number): ValueType<number> => ({
  placeholder: "N",
  expected: `a whole number from ${min} to ${max}`,
  schema: z.string().regex(/^\d+$/).transform(Number).pipe(z.int().min(min).max(max)),
});

/** A probability. */
export const rate: ValueType<number> = {
  placeholder: "RATE",
  expected: "a number from 0 to 1, such as 0.5",
  schema: z
    .string()
    .regex(/^(?:\d+|\d*\.\d+)$/)
    .transform(Number)
    .pipe(z.number().min(0).max(1)),
};

/** A duration with its unit, in milliseconds. */
export const duration: ValueType<number> = {
  placeholder: "DURATION",
  expected: "a duration such as 500ms, 90s, 15m, 12h or 7d",
  schema: z
    .string()
    .regex(/^\d+(ms|s|m|h|d)$/)
    .transform((typed) => Number.parseInt(typed, 10) * (UNIT_MS[typed.replace(/^\d+/, "")] ?? 0))
    .pipe(z.int()),
};

/** One of a few words. */
export const oneOf = <const Choice extends string>(
  choices: readonly [Choice, ...Choice[]],
): ValueType<Choice> => ({
  placeholder: choices.join("|"),
  expected: `one of ${choices.join(", ")}`,
  schema: z.string().pipe(z.enum(choices)),
  choices,
});

/** An absolute http(s) URL. Its query may contain a token. */
export const httpUrl: ValueType<string> = {
  placeholder: "URL",
  expected: "an absolute URL that begins with http:// or https://",
  schema: z.string().refine((typed) => /^https?:\/\//i.test(typed) && URL.canParse(typed)),
  secret: true,
};

/** The URL of a store. It may contain a password. */
export const storeUrl: ValueType<string> = {
  placeholder: "URL",
  expected: "the URL of a store: sqlite:FILE, postgres://... or redis://...",
  schema: z.string().regex(/^(sqlite:.|postgres(ql)?:\/\/.|rediss?:\/\/.)/),
  secret: true,
};

/** A secret that signs webhook URLs. */
export const signingSecret: ValueType<string> = {
  placeholder: "SECRET",
  expected: `a secret of at least ${MIN_SECRET_LENGTH} characters (openssl rand -base64 32)`,
  schema: z.string().min(MIN_SECRET_LENGTH),
  secret: true,
};
