import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { checks } from "../src/doctor/checks.ts";
import { doctor } from "./suite/doctor.ts";
import { plantedFaults } from "./support/endpoints.ts";
import { inProcess } from "./support/in-process.ts";

doctor(inProcess);

it("every check has its planted fault and its section in the docs", () => {
  const page = readFileSync(new URL("../../../docs/doctor.md", import.meta.url), "utf8");
  const headings = [...page.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading);
  const ids = checks.map(({ id }) => id);
  expect(ids).toEqual(Object.keys(plantedFaults));
  expect(headings).toEqual(ids);
});
