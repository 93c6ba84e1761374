import { html } from "hono/html";
import { needsPerson, type JobView } from "../model/job-view.ts";
import { toMs } from "../model/words.ts";
import { jobLink, type PageContext } from "./page-context.ts";
import { Age, Chips, State } from "./small.tsx";

export const JobTable = (props: { page: PageContext; jobs: readonly JobView[]; nowMs: number }) => (
  <table class="jobs">
    <caption class="hidden">Jobs</caption>
    <thead>
      <tr>
        <th scope="col">State</th>
        <th scope="col">Job</th>
        <th scope="col">Output</th>
        <th scope="col">Repeats</th>
        <th scope="col" class="number">
          Attempts
        </th>
        <th scope="col" class="number">
          Ack
        </th>
        <th scope="col" class="number">
          Age
        </th>
        <th scope="col">Last error</th>
      </tr>
    </thead>
    <tbody>{props.jobs.map((job) => toRow(props.page, props.nowMs, job))}</tbody>
  </table>
);

const toRow = (page: PageContext, nowMs: number, job: JobView) => {
  const { jobId, ref, type, attempts, ackMs, error } = job;
  const href = jobLink(page, jobId);
  return html`
<tr id="job-${encodeURIComponent(jobId)}" class="${needsPerson(job) && "attention"}">
<td class="c-state">${State({ job })}</td>
<th scope="row" class="c-job"><a href="${href}" data-row>${jobId}</a>${ref !== undefined && html`<span class="ref">${ref}</span>`}</th>
<td class="c-type ${type === "failed" && "failed"}">${type}</td>
<td class="c-repeats">${Chips({ job, href })}</td>
<td class="number c-attempts">${attempts > 0 && attempts}</td>
<td class="number c-ack">${ackMs !== undefined && toMs(ackMs)}</td>
<td class="number c-age">${Age({ atMs: job.firstMs, nowMs })}</td>
<td class="c-error" ${error !== undefined && html`title="${error}"`}>${error}</td>
</tr>`;
};
