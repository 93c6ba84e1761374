import type { JobPageModel } from "../model/job-page.ts";

/** The payload, indented, with buttons to copy it. */
export const Payload = ({ model }: { model: JobPageModel }) => (
  <section class="payload" aria-labelledby="payload-title">
    <h2 id="payload-title">Payload</h2>
    {model.payload === undefined ? (
      <p>
        {model.record?.state === "expected"
          ? "No result has come yet."
          : "The store keeps no payload of this job."}
      </p>
    ) : (
      <>
        <p class="copy">
          <button type="button" data-copy="json">
            Copy JSON
          </button>
          <button type="button" data-copy="curl">
            Copy curl
          </button>
          <button type="button" data-copy="id">
            Copy job id
          </button>
          <span role="status" id="copied"></span>
        </p>
        <pre id="payload" tabindex={0} aria-labelledby="payload-title">
          {model.payload.tokens.map(({ kind, text }) =>
            kind === "space" ? text : <span class={kind}>{text}</span>,
          )}
        </pre>
        {model.payload.secrets.size > 0 && (
          <p class="remark">Queries of URLs are hidden, since they may hold a secret.</p>
        )}
      </>
    )}
  </section>
);
