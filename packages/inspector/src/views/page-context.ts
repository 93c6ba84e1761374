import type { InspectorSource } from "../source/source.ts";

/** The data that all views of a request use. */
export interface PageContext {
  /** The path of the front page, without a slash at its end. */
  readonly base: string;
  /** The nonce that allows the page's scripts and styles. */
  readonly nonce: string;
  readonly source: InspectorSource;
  readonly readOnly: boolean;
  readonly canReplay: boolean;
  readonly media: "click" | "show" | "never";
}

const query = (parts: Readonly<Record<string, string | undefined>>): string => {
  const given = Object.entries(parts).filter(([, value]) => value !== undefined && value !== "");
  return given.length === 0 ? "" : `?${new URLSearchParams(given as [string, string][])}`;
};

/** The link to the front page, with its filter. */
export const frontLink = (
  { base }: PageContext,
  parts: { q?: string; after?: string; until?: string } = {},
): string => `${base === "" ? "/" : base}${query(parts)}`;

/** The link to a job's page, or to a path below it such as `/redrive`. */
export const jobLink = ({ base }: PageContext, jobId: string, rest = ""): string =>
  `${base}/jobs/${encodeURIComponent(jobId)}${rest}`;

/** The link to any other path below the front page. */
export const pageLink = ({ base }: PageContext, rest: string): string => `${base}/${rest}`;
