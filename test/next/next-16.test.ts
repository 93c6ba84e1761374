import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe } from "vitest";
import { useApp } from "./app.ts";
import { testServer } from "./next-suite.ts";

const app = useApp("next-16", "app");

describe("Next 16, Turbopack", () => {
  testServer(app, {
    build: "build:turbopack",
    start: (it, env) => it.start("start", env),
    closed: 143,
    edge: true,
  });
});

describe("Next 16, webpack", () => {
  beforeAll(() => {
    // Next 16.4 with webpack cannot build a route for the edge: it misses one of its own manifests.
    rmSync(join(app().folder, "app/api/edge"), { recursive: true });
  });
  afterAll(() => {
    cpSync(`${import.meta.dirname}/app/app/api/edge`, join(app().folder, "app/api/edge"), {
      recursive: true,
    });
  });
  testServer(app, {
    build: "build:webpack",
    start: (it, env) => it.start("start", env),
    closed: 143,
    edge: false,
  });
});

describe('Next 16, output: "standalone", started elsewhere', () => {
  const elsewhere = mkdtempSync(join(tmpdir(), "abstrakt-webhooks-standalone-"));
  afterAll(() => rmSync(elsewhere, { recursive: true, force: true }));
  beforeAll(() => {
    writeFileSync(
      join(app().folder, "next.config.mjs"),
      'export default { output: "standalone" };',
    );
    // Next reads this import to learn which files to copy.
    const receiver = join(app().folder, "receiver.js");
    writeFileSync(receiver, `import "libsql";\n${readFileSync(receiver, "utf8")}`);
  });
  testServer(app, {
    build: "build:turbopack",
    start(it, env) {
      if (!existsSync(join(elsewhere, "server.js"))) {
        const standalone = join(it.folder, ".next/standalone");
        cpSync(standalone, elsewhere, { recursive: true, verbatimSymlinks: true });
      }
      return it.start("start:standalone", env, elsewhere);
    },
    closed: 143,
    edge: true,
  });
});
