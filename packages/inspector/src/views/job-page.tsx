import type { JobPageModel } from "../model/job-page.ts";
import { toAgo, toMs } from "../model/words.ts";
import { Redrive, Replay } from "./actions.tsx";
import { Conflicts } from "./conflicts.tsx";
import { Live } from "./layout.tsx";
import { Outputs } from "./outputs.tsx";
import { frontLink, jobLink, type PageContext } from "./page-context.ts";
import { Payload } from "./payload.tsx";
import { Age, Chips, State } from "./small.tsx";
import { Timeline } from "./timeline.tsx";

interface Props {
  readonly page: PageContext;
  readonly model: JobPageModel;
}

/** The page of one job. `note` says what an action has done. */
export const JobPage = ({ page, model, note }: Props & { note?: string | undefined }) => (
  <article class="job">
    <p class="back">
      <a href={frontLink(page)}>All jobs</a>
    </p>
    <h1 id="job-id">{model.job.jobId}</h1>
    {note !== undefined && (
      <p class="note" role="status">
        {note}
      </p>
    )}
    <JobLive page={page} model={model} />
    <div class="columns">
      <Outputs page={page} jobId={model.job.jobId} result={model.result} />
      <Payload model={model} />
    </div>
    <Replay page={page} model={model} />
  </article>
);

/** The live part of a job's page. */
export const JobLive = ({ page, model }: Props) => (
  <Live url={jobLink(page, model.job.jobId)}>
    <Facts page={page} model={model} />
    {model.record === undefined && (
      <p class="more">This job has no row. The page shows only what this process has seen.</p>
    )}
    <Redrive page={page} model={model} />
    <Timeline entries={model.timeline} sinceMs={page.source.sinceMs} />
    <Conflicts contradictions={model.contradictions} count={model.job.conflicts} />
  </Live>
);

const Facts = ({ page, model }: Props) => {
  const { job, nowMs } = model;
  return (
    <dl class="facts">
      <Fact name="State">
        <State job={job} /> <Chips job={job} href={jobLink(page, job.jobId)} />
      </Fact>
      {job.ref !== undefined && <Fact name="Ref">{job.ref}</Fact>}
      {job.type !== undefined && <Fact name="Output">{job.type}</Fact>}
      <Fact name="Attempts">{job.attempts}</Fact>
      {job.ackMs !== undefined && <Fact name="Acknowledged in">{toMs(job.ackMs)}</Fact>}
      <Fact name="Received">
        <Age atMs={job.receivedAtMs} nowMs={nowMs} toWords={toAgo} />
      </Fact>
      {job.settledAtMs !== undefined && (
        <Fact name="Settled">
          <Age atMs={job.settledAtMs} nowMs={nowMs} toWords={toAgo} />
        </Fact>
      )}
      {job.error !== undefined && (
        <Fact name="Last error" wide>
          {job.error}
        </Fact>
      )}
    </dl>
  );
};

const Fact = (props: { name: string; wide?: boolean; children?: unknown }) => (
  <div class={props.wide ? "wide" : ""}>
    <dt>{props.name}</dt>
    <dd>{props.children}</dd>
  </div>
);
