import { expect, it } from "vitest";
import { inspector } from "../src/index.ts";
import { failure, open, picture, words } from "./support.ts";

const rows = (html: string): string[] => html.match(/<tr id="job-.*?<\/tr>/gs) ?? [];

it("the front page shows zeros and a sentence when there is no job", async () => {
  const { text } = open();
  expect(words(await text())).toMatch(/0 dead letters 0 in conflict 0 s longest wait/);
  expect(words(await text())).toContain("No jobs yet");
});

it("one row shows a job's state, output, attempts and answer", async () => {
  const { text, deliver, receiver } = open();
  await receiver.expect("job_1", { ref: "order-7" });
  await deliver(picture("job_1"));
  const [row = ""] = rows(await text());
  expect(words(row)).toMatch(/^ done job_1 order-7 image 1 [\d.]+ ms \w+ $/);
});

it("the row of a job counts its repeats and contradictions", async () => {
  const { text, deliver } = open();
  await deliver(picture("job_1"));
  await deliver(picture("job_1"));
  expect(words(await text())).toContain("+1 duplicate");
  await deliver(picture("job_1"));
  await deliver(failure("job_1"));
  const html = await text();
  expect(rows(html)).toHaveLength(1);
  expect(words(html)).toMatch(/\+2 duplicates conflict/);
  expect(words(html)).toContain("1 in conflict");
});

it("dead letters come first, with the last error in words", async () => {
  const { text, deliver, broken } = open();
  broken.add("job_1");
  await deliver(picture("job_1"));
  const html = await text();
  expect(words(html)).toContain("1 dead letter ");
  expect(rows(html)[0]).toContain("attention");
  expect(words(rows(html)[0] ?? "")).toContain("the archive is down");
});

it("live updates leave out rows newer than the page, and give their number", async () => {
  const { text, deliver } = open();
  await deliver(picture("job_1"));
  const first = await text();
  const [, live = ""] = /hx-get="([^"]+)"/.exec(first) ?? [];
  await new Promise((resolve) => setTimeout(resolve, 2));
  await deliver(picture("job_2"));
  await deliver(picture("job_1"));
  const part = await text(live.replaceAll("&amp;", "&"), { "hx-request": "true" });
  expect(part).not.toContain("<html");
  expect(rows(part)).toHaveLength(1);
  expect(words(part)).toContain("1 new");
  expect(words(part)).toContain("+1 duplicate");
  expect(rows(await text())).toHaveLength(2);
});

it("an empty table is filled at once", async () => {
  const { text, deliver } = open();
  const [, live = ""] = /hx-get="([^"]+)"/.exec(await text()) ?? [];
  expect(live).toBe("/webhooks");
  await deliver(picture("job_1"));
  expect(rows(await text(live))).toHaveLength(1);
});

it("the URL sets the filters, and the page names those that apply only to the loaded jobs", async () => {
  const { text, deliver, broken } = open();
  broken.add("job_2");
  for (const id of ["job_1", "job_2", "other"]) await deliver(picture(id));
  await deliver(failure("job_3"));
  const found = async (q: string): Promise<string[]> => {
    const html = await text(`/webhooks?q=${encodeURIComponent(q)}`);
    return rows(html).map((row) => /id="job-([^"]+)"/.exec(row)?.[1] ?? "");
  };
  expect(await found("state:dead")).toEqual(["job_2"]);
  expect((await found("job_")).sort()).toEqual(["job_1", "job_2", "job_3"]);
  expect(await found("type:failed")).toEqual(["job_3"]);
  expect(await found("error:ARCHIVE")).toEqual(["job_2"]);
  expect(await found("state:done oth")).toEqual(["other"]);
  expect(words(await text("/webhooks?q=type:image"))).toContain(
    "only the loaded jobs are filtered",
  );
  expect(words(await text("/webhooks?q=state:dead"))).not.toContain("only the loaded jobs");
  expect(words(await text("/webhooks?q=colour:red"))).toContain("colour:red: no such filter");
});

it("a state is listed page by page", async () => {
  const { text, receiver } = open();
  for (let index = 0; index < 60; index++) await receiver.ingest(picture(`job_${index}`));
  await receiver.idle();
  const first = await text("/webhooks?q=state:done");
  const [, next = ""] = /href="([^"]+)">Next page/.exec(first) ?? [];
  const second = await text(next.replaceAll("&amp;", "&"));
  expect(rows(first)).toHaveLength(50);
  expect(
    new Set([...rows(first), ...rows(second)].map((row) => /id="[^"]+"/.exec(row)?.[0])).size,
  ).toBe(60);
});

it("reads the newest 25 done jobs for the table of all states, and says how many there are", async () => {
  const { receiver } = open();
  for (let index = 0; index < 30; index++) await receiver.ingest(picture(`job_${index}`));
  await receiver.idle();
  // A page that has seen none of these jobs.
  const late = inspector(receiver, { authorize: () => true });
  const html = await (await late.fetch(new Request("http://app.test/webhooks"))).text();
  expect(rows(html)).toHaveLength(25);
  expect(words(html)).toContain("25 of 30 jobs.");
});

it("an invalid cursor is answered with a sentence", async () => {
  const answer = await open().get("/webhooks?q=state:done&after=nonsense");
  expect(answer.status).toBe(400);
  expect(words(await answer.text())).toMatch(/Expected `after`/);
});
