import type { Driver } from "./driver.ts";
import { isRefusal, toStoreError } from "./store-error.ts";

interface Settings {
  readonly appendonly?: string | undefined;
  readonly appendfsync?: string | undefined;
  readonly "maxmemory-policy"?: string | undefined;
}

const NAMES = ["appendonly", "appendfsync", "maxmemory-policy"] as const;

/** Warns about settings of the server that put results at risk, if the server reports them. */
export async function inspect({ command }: Driver): Promise<{ warnings: string[] }> {
  if (command === undefined) return { warnings: [] };
  for (const read of [readSettings, readInfo]) {
    try {
      return { warnings: warningsOf(await read(command)) };
    } catch (thrown) {
      if (!isRefusal(thrown)) throw toStoreError(thrown);
    }
  }
  return { warnings: [] };
}

type Command = NonNullable<Driver["command"]>;

async function readSettings(command: Command): Promise<Settings> {
  const replies = await Promise.all(NAMES.map((name) => command("CONFIG", "GET", name)));
  return Object.fromEntries(NAMES.map((name, index) => [name, valueOf(replies[index])]));
}

/** Reads the value of a pair, a map or an object. The form depends on client and protocol. */
function valueOf(reply: unknown): string | undefined {
  if (reply instanceof Map) return valueOf([...reply].flat());
  if (Array.isArray(reply)) return reply[1] === undefined ? undefined : String(reply[1]);
  return valueOf(Object.entries(reply ?? {}).flat());
}

/** Many hosting providers refuse CONFIG, but INFO reports two of the settings. */
async function readInfo(command: Command): Promise<Settings> {
  const info = String(await command("INFO"));
  const find = (name: string) => new RegExp(`^${name}:(\\w[\\w-]*)`, "m").exec(info)?.[1];
  const append = find("aof_enabled");
  return {
    appendonly: append && (append === "1" ? "yes" : "no"),
    "maxmemory-policy": find("maxmemory_policy"),
  };
}

function warningsOf(settings: Settings): string[] {
  const { appendonly = "yes", appendfsync = "always", "maxmemory-policy": policy } = settings;
  const warnings: string[] = [];
  if (appendonly === "no") {
    warnings.push(
      "Redis runs with appendonly = no: when it stops or crashes, it loses the results acknowledged since its last snapshot, or all results. Set appendonly to yes.",
    );
  } else if (appendfsync !== "always") {
    warnings.push(
      `Redis runs with appendfsync = ${appendfsync}: a power failure loses the results acknowledged in the last ${appendfsync === "everysec" ? "second or two" : "half minute"}. Set it to always to lose none.`,
    );
  }
  if ((policy ?? "noeviction") !== "noeviction") {
    warnings.push(
      `Redis runs with maxmemory-policy = ${policy}: when memory is short, it deletes acknowledged results, or rows of done jobs, whose callbacks may then run again. Set it to noeviction.`,
    );
  }
  return warnings;
}
