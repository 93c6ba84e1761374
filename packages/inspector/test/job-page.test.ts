import { expect, it } from "vitest";
import { failure, open, picture, words } from "./support.ts";

it("the page of a job shows its events from the first to the settlement", async () => {
  const { text, deliver, receiver } = open();
  await receiver.expect("job_1", { ref: "order-7" });
  await deliver(picture("job_1"));
  await deliver(picture("job_1"));
  const page = words(await text("/webhooks/jobs/job_1"));
  expect(page).toMatch(
    /Expected .* Delivered by webhook, answered 200 in .* Attempt 1 .* Done .* Duplicate/,
  );
  expect(page).toContain("order-7");
});

it("the page shows the row where this process has seen no events", async () => {
  const { receiver } = open();
  await receiver.ingest(picture("job_1"));
  await receiver.idle();
  const { inspector } = await import("../src/index.ts");
  const late = inspector(receiver, { authorize: () => true });
  const answer = await late.fetch(new Request("http://app.test/webhooks/jobs/job_1"));
  expect(words(await answer.text())).toMatch(
    /Delivered known from the stored row.* Done known from/,
  );
});

it("the page compares the stored result with the contradicting one", async () => {
  const { text, deliver } = open();
  await deliver(picture("job_1"));
  await deliver(failure("job_1", "no credits"));
  const html = await text("/webhooks/jobs/job_1");
  const marked = (mark: string): string =>
    words((html.match(new RegExp(`<span class="${mark}">.*?</span>`, "gs")) ?? []).join(""));
  expect(marked("kept")).toContain('"status": "succeeded"');
  expect(marked("refused")).toContain('"message": "no credits"');
  expect(marked("same")).toContain('"job_id": "job_1"');
});

it("the page hides queries, and redirects a browser to the real file", async () => {
  const { text, get, deliver } = open();
  await deliver(picture("job_1"));
  const html = await text("/webhooks/jobs/job_1");
  expect(html).not.toContain("s3cr3t");
  expect(html).toContain("https://cdn.test/job_1.png?[hidden 1]");
  const file = await get("/webhooks/jobs/job_1/outputs/0");
  expect(file.status).toBe(302);
  expect(file.headers.get("location")).toBe("https://cdn.test/job_1.png?signature=s3cr3t");
  expect(file.headers.get("referrer-policy")).toBe("same-origin");
  expect((await get("/webhooks/jobs/job_1/outputs/1")).status).toBe(404);
});

it("the page redrives a dead job, and confirms it", async () => {
  const { text, post, deliver, broken, handled, receiver } = open();
  broken.add("job_1");
  await deliver(picture("job_1"));
  expect(await text("/webhooks/jobs/job_1")).toContain('id="redrive"');
  broken.clear();
  const answer = await post("/webhooks/jobs/job_1/redrive");
  expect(answer.status).toBe(303);
  expect(answer.headers.get("location")).toBe("/webhooks/jobs/job_1?note=redriven");
  await receiver.idle();
  expect(handled).toEqual(["job_1", "job_1"]);
  const page = words(await text("/webhooks/jobs/job_1?note=redriven"));
  expect(page).toMatch(/Redriven\. The callback runs again\..* Redriven by hand/);
  expect((await post("/webhooks/jobs/job_1/redrive")).headers.get("location")).toContain(
    "not-dead",
  );
});

it("a replay with the same id is a duplicate, and is marked as a replay", async () => {
  const { text, post, deliver, handled } = open({ replay: true });
  await deliver(picture("job_1"));
  await post("/webhooks/jobs/job_1/replay", { id: "same" });
  expect(handled).toEqual(["job_1"]);
  expect(words(await text("/webhooks/jobs/job_1"))).toMatch(/Duplicate .* Replay its own payload/);
});

it("a replay with a new id and an edited payload has the hidden queries again", async () => {
  const { text, post, deliver, handled, receiver } = open({ replay: true });
  await deliver(picture("job_1"));
  const [, shown = ""] =
    /<textarea[^>]*>(.*?)<\/textarea>/s.exec(await text("/webhooks/jobs/job_1")) ?? [];
  const edited = shown
    .replaceAll("&quot;", '"')
    .replace('"succeeded"', '"succeeded", "edited": true');
  const answer = await post("/webhooks/jobs/job_1/replay", { id: "new", payload: edited });
  const location = answer.headers.get("location") ?? "";
  const [, newId = ""] = /jobs\/(job_1_replay_[\da-f]{8})\?/.exec(location) ?? [];
  await receiver.idle();
  expect(handled).toEqual(["job_1", newId]);
  expect(await receiver.result(newId)).toMatchObject({
    edited: true,
    output: picture("job_1").output,
  });
  expect(words(await text(`/webhooks/jobs/${newId}`))).toContain("Replay the payload of job_1");
  const bad = await post("/webhooks/jobs/job_1/replay", { id: "new", payload: "{" });
  expect(bad.status).toBe(400);
});

it("an unknown job is answered 404 with a sentence", async () => {
  const answer = await open().get("/webhooks/jobs/nobody");
  expect(answer.status).toBe(404);
  expect(words(await answer.text())).toContain("There is no job of this id.");
});

it("the page accepts any job id", async () => {
  const { text, deliver } = open();
  for (const id of ["a/b?c#d", "__proto__", "<b>", "é".repeat(100), "redrive"]) {
    await deliver(picture(id, "https://cdn.test/a.png"));
    expect(await text(`/webhooks/jobs/${encodeURIComponent(id)}`)).toContain('id="payload"');
  }
});
