// Runs in its own process: `writer-process.ts race|flood <path>`.
import { sqliteStore } from "../src/index.ts";
import { OWNER, result } from "./samples.ts";

const [, , task, path = ""] = process.argv;
const store = sqliteStore(path);

if (task === "race") {
  const answers = Array.from({ length: 250 }, () => store.ingest(result("job"), OWNER));
  const kinds = (await Promise.all(answers)).map(({ kind }) => kind);
  process.stdout.write(JSON.stringify(kinds));
  await store.close();
}

if (task === "flood") {
  for (let index = 0; ; index += 8) {
    const ids = Array.from({ length: 8 }, (_, step) => `job-${index + step}`);
    await Promise.all(ids.map((id) => store.ingest(result(id), OWNER)));
    process.stdout.write(`${ids.join("\n")}\n`); // the acknowledgement
  }
}
