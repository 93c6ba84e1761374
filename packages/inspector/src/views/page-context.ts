import type { InspectorSource } from "../source/source.ts";

/** What every view of a request shares. */
export interface PageContext {
  /** The path of the front page, without a slash at its end. */
  readonly base: string;
  /** What the page's own scripts and styles carry. */
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

/** The front page, filtered. */
export const frontLink = (
  { base }: PageContext,
  parts: { q?: string; after?: string; until?: string } = {},
): string => `${base === "" ? "/" : base}${query(parts)}`;

/** A job's page, or something of it such as `redrive`. */
export const jobLink = ({ base }: PageContext, jobId: string, rest = ""): string =>
  `${base}/jobs/${encodeURIComponent(jobId)}${rest}`;

/** Whatever else is below the front page. */
export const pageLink = ({ base }: PageContext, rest: string): string => `${base}/${rest}`;
