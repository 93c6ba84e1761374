import type { JobResult, OutputItem } from "@abstrakt-webhooks/express";

export const formPage = (): string =>
  page(`
<form method="post" action="/jobs">
  <p><label>Model <input name="model" value="nano-banana-pro-edit" required></label></p>
  <p><label>Prompt <input name="prompt" value="Make the background a beach scene" required></label></p>
  <p><label>Image <input name="image_url" type="url" placeholder="https://example.com/photo.jpg"></label></p>
  <button>Submit</button>
</form>`);

export const waitingPage = (): string =>
  page('<meta http-equiv="refresh" content="0"><p>Still generating.</p>');

export function resultPage(result: JobResult): string {
  if (result.status === "failed") return errorPage(`${result.error.code}: ${result.error.message}`);
  const { output, job_id: jobId } = result;
  return page(`<p>${escape(jobId)} succeeded.</p>\n${output.items.map(media).join("\n")}`);
}

export const errorPage = (words: string): string => page(`<p>${escape(words)}</p>`);

/** The kit has removed every `url` that is not http or https. */
function media({ type, url }: OutputItem): string {
  if (url === undefined) return `<p>${escape(type)} without a file</p>`;
  const address = escape(url);
  if (type === "video") return `<video controls src="${address}"></video>`;
  if (type === "audio") return `<audio controls src="${address}"></audio>`;
  if (type === "image") return `<img alt="" src="${address}">`;
  return `<a href="${address}">${escape(type)}</a>`;
}

const page = (body: string): string =>
  `<!doctype html><meta charset="utf-8"><title>Submit and receive</title>${body}\n<p><a href="/">Submit another</a></p>\n`;

const escape = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
