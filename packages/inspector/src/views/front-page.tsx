import { isMixed, type Front } from "../model/front.ts";
import { STATE_WORDS, toCount } from "../model/words.ts";
import { FilterBox } from "./filter-box.tsx";
import { JobTable } from "./job-table.tsx";
import { Knobs } from "./knobs.tsx";
import { Live } from "./layout.tsx";
import { Needs } from "./needs.tsx";
import { Notices } from "./notices.tsx";
import { frontLink, type PageContext } from "./page-context.ts";

export const FrontPage = ({ page, front }: { page: PageContext; front: Front }) => (
  <>
    <h1 class="hidden">Jobs</h1>
    <Knobs page={page} />
    <FrontLive page={page} front={front} />
  </>
);

/** The live part of the front page. */
export const FrontLive = ({ page, front }: { page: PageContext; front: Front }) => {
  const q = front.filter.text;
  // An empty table has no rows that could move.
  const until = front.jobs.length === 0 ? {} : { until: String(front.untilMs) };
  return (
    <Live url={frontLink(page, { q, ...until })}>
      <Needs page={page} front={front} />
      <FilterBox page={page} front={front} />
      <p class="news" role="status" aria-live="polite" id="news">
        {front.held > 0 && (
          <a id="show-new" href={frontLink(page, { q })}>
            {front.held} new
          </a>
        )}
      </p>
      {front.missing.map(({ state, reason }) => (
        <p class="more">
          The {STATE_WORDS[state]} jobs are missing. {reason}
        </p>
      ))}
      {front.jobs.length > 0 && <JobTable page={page} jobs={front.jobs} nowMs={front.nowMs} />}
      {front.jobs.length === 0 && front.missing.length === 0 && <Nothing page={page} q={q} />}
      <More page={page} front={front} />
      <Notices notices={front.notices} nowMs={front.nowMs} />
    </Live>
  );
};

const Nothing = ({ page, q }: { page: PageContext; q: string }) =>
  q === "" ? (
    <p class="nothing">
      <b>No jobs yet</b> A result appears here as soon as it arrives.
    </p>
  ) : (
    <p class="nothing">
      <b>No loaded job passes this filter</b> <a href={frontLink(page)}>Show all jobs</a>
    </p>
  );

const More = ({ page, front }: { page: PageContext; front: Front }) => {
  const { counts, filter, next, jobs } = front;
  if (next !== undefined) {
    return (
      <p class="more">
        <a href={frontLink(page, { q: filter.text, after: next })}>Next page</a>
      </p>
    );
  }
  const total = counts.expected + counts.pending + counts.leased + counts.done + counts.dead;
  if (!isMixed(filter) || total <= jobs.length || filter.onPage.length > 0) return null;
  return (
    <p class="more">
      {jobs.length} of {toCount(total, "job")}. Choose a state to page through all.
    </p>
  );
};
