import { htmx } from "./htmx.ts";
import { script } from "./script.ts";
import { styleBase } from "./style-base.ts";
import { styleFront } from "./style-front.ts";
import { styleJob } from "./style-job.ts";

/** The page's scripts and styles by file name. */
export const assets: Readonly<Record<string, { readonly text: string; readonly type: string }>> = {
  "htmx.js": { text: htmx, type: "text/javascript" },
  "page.js": { text: script, type: "text/javascript" },
  "page.css": { text: styleBase + styleFront + styleJob, type: "text/css" },
};
