import type { JobResult, OutputItem } from "@abstrakt-webhooks/core";
import { createHider } from "../model/hide.ts";
import { jobLink, type PageContext } from "./page-context.ts";

interface Props {
  readonly page: PageContext;
  readonly jobId: string;
  readonly result: JobResult | undefined;
}

/** The outputs of the job, or its error. Files load through a URL of this page. */
export const Outputs = ({ page, jobId, result }: Props) => {
  if (result === undefined) return null;
  if (result.status === "failed") {
    return (
      <section class="outputs" aria-labelledby="outputs-title">
        <h2 id="outputs-title">The job failed</h2>
        <p>
          <b>{result.error.code}</b> {createHider().hide(result.error.message)}
        </p>
      </section>
    );
  }
  const { items } = result.output;
  return (
    <section class="outputs" aria-labelledby="outputs-title">
      <h2 id="outputs-title">Output</h2>
      {items.length === 0 && <p>The result names no file.</p>}
      <ul>
        {items.map((item, index) => (
          <Output page={page} item={item} href={jobLink(page, jobId, `/outputs/${index}`)} />
        ))}
      </ul>
    </section>
  );
};

/** The types of files that the page can show. */
const MEDIA = ["image", "video", "audio"];

const Output = (props: { page: PageContext; item: OutputItem; href: string }) => {
  const { page, item, href } = props;
  const { type, url } = item;
  if (url === undefined) return <li>{type}, without a URL</li>;
  return (
    <li>
      {page.media === "never" ? (
        <b>{type}</b>
      ) : page.media === "show" && MEDIA.includes(type) ? (
        <Media type={type} href={href} />
      ) : (
        <a class="button" href={href} rel="noreferrer" target="_blank" data-media={type}>
          Show {type}
        </a>
      )}
      <code class="address">{createHider().hide(url)}</code>
    </li>
  );
};

const Media = ({ type, href }: { type: string; href: string }) => {
  if (type === "video") return <video src={href} controls preload="metadata" aria-label="Output" />;
  if (type === "audio") return <audio src={href} controls preload="metadata" aria-label="Output" />;
  return <img src={href} alt="Output" />;
};
