import { defineCommand, flag } from "../definition/command.ts";
import { checks, type Check, type Verdict } from "../doctor/checks.ts";
import { ANNOUNCEMENT, probe } from "../doctor/probe.ts";
import { secretFor } from "../delivery/sign.ts";
import { wrongUse } from "../errors.ts";
import { printable, toTable, type Output } from "../output.ts";
import { endpoint, signing } from "./options.ts";

/** Checks a running endpoint from outside. */
export const doctorCommand = defineCommand({
  name: "doctor",
  summary: "Check a running endpoint from outside",
  details: `${ANNOUNCEMENT}\ndocs/doctor.md explains each check. The exit code is 1 when a check fails.`,
  args: { url: endpoint },
  options: { secret: signing.secret, yes: flag("Check a host that is not this machine.") },
  examples: [
    "doctor http://localhost:3000/api/abstrakt-webhook",
    "doctor https://staging.example.com/api/abstrakt-webhook --yes --json",
  ],
  async run({ url, secret, yes }, context) {
    const { output } = context;
    const { host, hostname } = new URL(url);
    if (!isLoopback(hostname) && !yes) {
      throw wrongUse(
        `Expected \`--yes\` for ${host}, which is not this machine, got nothing. ${ANNOUNCEMENT}`,
      );
    }
    output.note(ANNOUNCEMENT);
    const seen = await probe(url, await secretFor(url, { secret }, context));
    const findings = checks.map((check) => ({ check, verdict: check.judge(seen) }));
    output.results(findings.map(toRecord), () => describe(findings, output));
    return findings.every(({ verdict }) => verdict.outcome !== "fail");
  },
});

interface Finding {
  readonly check: Check;
  readonly verdict: Verdict;
}

const isLoopback = (hostname: string): boolean =>
  /^(127\.\d+\.\d+\.\d+|\[::1\]|(.+\.)?localhost)$/.test(hostname);

const toDocs = ({ id }: Check): string => `docs/doctor.md#${id}`;

function toRecord({ check, verdict }: Finding): object {
  const { id, title, remedy } = check;
  const advice = verdict.outcome === "fail" ? { remedy, docs: toDocs(check) } : {};
  return { check: id, title, ...verdict, ...advice };
}

function describe(findings: readonly Finding[], { colors }: Output): string {
  const words = {
    pass: colors.green("pass"),
    fail: colors.red("FAIL"),
    skip: colors.yellow("skip"),
  };
  const table = toTable(
    ["RESULT", "CHECK", "SEEN"],
    findings.map(({ check, verdict }) => [
      words[verdict.outcome],
      check.title,
      verdict.outcome === "pass" ? "" : printable(verdict.seen),
    ]),
  );
  const remedies = findings
    .filter(({ verdict }) => verdict.outcome === "fail")
    .map(({ check }) => `${check.id}: ${check.remedy} See ${toDocs(check)}`);
  return [table, ...(remedies.length === 0 ? [] : ["", ...remedies])].join("\n");
}
