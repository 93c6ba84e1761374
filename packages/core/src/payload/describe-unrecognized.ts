/**
 * Describes an unknown status. It quotes the status only if it is a short word, and so no secret.
 */
export const describeStatus = (status: unknown): string =>
  typeof status === "string" && /^[a-z][a-z_-]{0,31}$/.test(status)
    ? `\`status\` is "${status}"`
    : is("status", status);

/** Names the field because of which a callback cannot get the output. */
export function describeOutput(output: unknown): string {
  if (!isRecord(output)) return expected("output", output, "an object");
  const { type, items } = output;
  if (typeof type !== "string") return expected("output.type", type, "text");
  if (!Array.isArray(items)) return expected("output.items", items, "a list");
  const index = items.findIndex((item) => !isRecord(item) || typeof item["type"] !== "string");
  const item: unknown = items[index];
  const name = `output.items[${index}]`;
  return isRecord(item)
    ? expected(`${name}.type`, item["type"], "text")
    : expected(name, item, "an object");
}

const expected = (name: string, value: unknown, wanted: string): string =>
  `${is(name, value)}, not ${wanted}`;

const is = (name: string, value: unknown): string => `\`${name}\` is ${kindOf(value)}`;

function kindOf(value: unknown): string {
  if (value === undefined || value === null) return "missing";
  if (Array.isArray(value)) return "an array";
  if (typeof value === "string") return "text";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
