import { describe } from "vitest";
import { useApp } from "./app.ts";
import { testServer } from "./next-suite.ts";

const app = useApp("next-15", "app");

describe("Next 15, webpack", () => {
  testServer(app, {
    build: "build",
    start: (it, env) => it.start("start", env),
    closed: 0,
    edge: true,
  });
});
