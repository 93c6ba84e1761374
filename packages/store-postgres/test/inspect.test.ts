import { postgresStore } from "@abstrakt-webhooks/store-postgres";
import { Pool } from "pg";
import { expect, it } from "vitest";
import { onPostgres } from "./on-postgres.ts";

const GOOD = {
  commit: "on",
  fsync: "on",
  standby: false,
  read_only: "off",
  isolation: "read committed",
  encoding: "UTF8",
};

const warningsAt = async (change: Partial<typeof GOOD>): Promise<string[]> => {
  const client = { query: async () => ({ rows: [{ ...GOOD, ...change }] }) };
  return (await postgresStore({ client }).inspect()).warnings;
};

it("inspect warns of each setting that loses acknowledged results or refuses new ones", async () => {
  expect(await warningsAt({})).toEqual([]);
  for (const [change, words] of [
    [{ commit: "off" }, /synchronous_commit = off/],
    [{ fsync: "off" }, /fsync = off/],
    [{ standby: true }, /standby/],
    [{ read_only: "on" }, /default_transaction_read_only/],
    [{ isolation: "repeatable read" }, /isolation = repeatable read/],
    [{ encoding: "LATIN1" }, /LATIN1/],
  ] as const) {
    expect(await warningsAt(change)).toEqual([expect.stringMatching(words)]);
  }
  expect(await warningsAt({ commit: "remote_apply" })).toEqual([]);
});

await onPostgres("inspect", (on) => {
  it("inspect reads the settings of the connection's user", async () => {
    const options = "-c synchronous_commit=off -c default_transaction_isolation=serializable";
    const pool = new Pool({ connectionString: on.url, options });
    const { warnings } = await postgresStore({ client: pool }).inspect();
    await pool.end();
    expect(warnings).toEqual(
      expect.arrayContaining([
        expect.stringContaining("synchronous_commit"),
        expect.stringContaining("serializable"),
      ]),
    );
  });

  it("inspect needs no table", async () => {
    const { warnings } = await postgresStore({ client: on.database.client }).inspect();
    expect(warnings.join()).not.toContain("synchronous_commit");
  });
});
