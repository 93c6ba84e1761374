import type { JobPageModel } from "../model/job-page.ts";
import { jobLink, type PageContext } from "./page-context.ts";

interface Props {
  readonly page: PageContext;
  readonly model: JobPageModel;
}

/** The button that redrives a dead letter. */
export const Redrive = ({ page, model }: Props) => {
  const { jobId, state } = model.job;
  if (page.readOnly || state !== "dead" || page.source.redrive === undefined) return null;
  return (
    <form class="redrive" method="post" action={jobLink(page, jobId, "/redrive")}>
      <button class="primary" id="redrive">
        Redrive
      </button>{" "}
      <span class="remark">The callback runs again, with its attempts counted from 1.</span>
    </form>
  );
};

/** The form that sends a stored payload again, edited or not. */
export const Replay = ({ page, model }: Props) => {
  if (!page.canReplay || model.payload === undefined) return null;
  const lines = model.payload.text.split("\n").length;
  return (
    <details class="replay">
      <summary>Replay</summary>
      <form method="post" action={jobLink(page, model.job.jobId, "/replay")}>
        <p class="remark">
          The payload is delivered again. With the same id it should be suppressed as a duplicate;
          with a new id the callback runs.
        </p>
        <fieldset>
          <legend class="hidden">Job id</legend>
          <label>
            <input type="radio" name="id" value="same" checked /> the same id
          </label>
          <label>
            <input type="radio" name="id" value="new" /> a new id
          </label>
        </fieldset>
        <label class="hidden" for="replayed">
          Payload
        </label>
        <textarea id="replayed" name="payload" rows={Math.min(24, lines + 1)} spellcheck={false}>
          {model.payload.text}
        </textarea>
        <button id="replay">Replay</button>
      </form>
    </details>
  );
};
