import { isAbstraktWebhookError } from "@abstrakt-webhooks/core";
import { readFront } from "../model/front.ts";
import { readJobPage, toResult } from "../model/job-page.ts";
import { FrontLive, FrontPage } from "../views/front-page.tsx";
import { JobLive, JobPage } from "../views/job-page.tsx";
import { Layout, Live } from "../views/layout.tsx";
import { frontLink, jobLink, type PageContext } from "../views/page-context.ts";
import { html, redirect, text } from "./answers.ts";
import { NOTES } from "./actions.ts";
import type { Route } from "./routes.ts";

/** A request for a page, with the data that the answer needs. */
export interface PageRequest {
  readonly page: PageContext;
  readonly route: Route;
  readonly url: URL;
  /** True if the browser requests only the live part of the page. */
  readonly isPart: boolean;
  readonly nowMs: number;
}

/** Answers with the front page, or with its live part. */
export async function answerFront({ page, url, isPart, nowMs }: PageRequest): Promise<Response> {
  const query = url.searchParams;
  const after = query.get("after") ?? undefined;
  const untilMs = Number(query.get("until")) || undefined;
  const front = await readFront(page.source, { q: query.get("q") ?? "", after, untilMs }, nowMs);
  if (isPart) return render(page, <FrontLive page={page} front={front} />);
  const { dead } = front.counts;
  return render(
    page,
    <Layout page={page} title={dead === 0 ? "Jobs" : `${dead} dead · Jobs`}>
      <FrontPage page={page} front={front} />
    </Layout>,
  );
}

/** Answers with a job's page, or with its live part. */
export async function answerJob(o: PageRequest, jobId: string): Promise<Response> {
  const { page, url, isPart, nowMs } = o;
  const model = await readJobPage(page.source, jobId, nowMs);
  if (model === undefined) return sentence(o, 404, "There is no job of this id.");
  if (isPart) return render(page, <JobLive page={page} model={model} />);
  const note = url.searchParams.get("note") ?? "";
  return render(
    page,
    <Layout page={page} title={`${jobId} · Job`}>
      <JobPage
        page={page}
        model={model}
        note={Object.hasOwn(NOTES, note) ? NOTES[note] : undefined}
      />
    </Layout>,
  );
}

/** Redirects to an output file. So no page contains the file's URL, which may hold a secret. */
export async function answerOutput(
  { page }: PageRequest,
  jobId: string,
  index: number,
): Promise<Response> {
  const result = toResult((await page.source.find(jobId))?.payload);
  // Its protocol is http or https, because the parser removes all other URLs.
  const url = result?.status === "succeeded" ? result.output.items[index]?.url : undefined;
  if (url === undefined || page.media === "never") return text(404, "There is no such output.");
  return redirect(302, new URL(url).href);
}

/** Answers with a page about an error. It shows the message of an `AbstraktWebhookError` only. */
export function answerFailure(o: PageRequest, thrown: unknown): Promise<Response> {
  if (!isAbstraktWebhookError(thrown)) return sentence(o, 500, "The page could not be made.");
  return sentence(o, thrown.code === "invalid_options" ? 400 : 503, thrown.message);
}

/** A page with one sentence. It is live too, so an error disappears when its cause is gone. */
function sentence(
  { page, route, url, isPart }: PageRequest,
  status: number,
  words: string,
): Promise<Response> {
  const link = "jobId" in route ? jobLink(page, route.jobId) : frontLink(page);
  const live = (
    <Live url={link + url.search}>
      <div class="nothing">
        <h1>{words}</h1>
        <a href={frontLink(page)}>Show all jobs</a>
      </div>
    </Live>
  );
  if (isPart) return render(page, live);
  return render(
    page,
    <Layout page={page} title="Jobs">
      {live}
    </Layout>,
    status,
  );
}

const render = (page: PageContext, element: Parameters<typeof html>[0], status = 200) =>
  html(element, { nonce: page.nonce, media: page.media !== "never", status });
