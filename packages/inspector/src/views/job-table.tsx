import { needsPerson, type JobView } from "../model/job-view.ts";
import { toMs } from "../model/words.ts";
import { jobLink, type PageContext } from "./page-context.ts";
import { Age, Chips, State } from "./small.tsx";

/** The jobs, one row each. */
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
    <tbody>
      {props.jobs.map((job) => (
        <JobRow page={props.page} job={job} nowMs={props.nowMs} />
      ))}
    </tbody>
  </table>
);

const JobRow = ({ page, job, nowMs }: { page: PageContext; job: JobView; nowMs: number }) => {
  const href = jobLink(page, job.jobId);
  return (
    <tr id={`job-${encodeURIComponent(job.jobId)}`} class={needsPerson(job) ? "attention" : ""}>
      <td class="c-state">
        <State job={job} />
      </td>
      <th scope="row" class="c-job">
        <a href={href} data-row>
          {job.jobId}
        </a>
        {job.ref !== undefined && <span class="ref">{job.ref}</span>}
      </th>
      <td class="c-type">{job.type}</td>
      <td class="c-repeats">
        <Chips job={job} href={href} />
      </td>
      <td class="number c-attempts">{job.attempts === 0 ? "" : job.attempts}</td>
      <td class="number c-ack">{job.ackMs === undefined ? "" : toMs(job.ackMs)}</td>
      <td class="number c-age">
        <Age atMs={job.firstMs} nowMs={nowMs} />
      </td>
      <td class="c-error" title={job.error}>
        {job.error}
      </td>
    </tr>
  );
};
