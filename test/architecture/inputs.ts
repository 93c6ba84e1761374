import { exportsOf } from "./exports.ts";
import type { SourceFile } from "./read-sources.ts";

/** The names of the types whose objects users write. A suite writes `StoreBootOptions`. */
const INPUT =
  /^(InspectorSource|TestApi|Runtime|Retention|HttpDelivery)$|(?<!Boot)Options$|(Knobs|Capabilities|Harness|Target)$/;

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly id?: { readonly name: string };
  readonly optional?: boolean;
  readonly params?: unknown;
  readonly typeAnnotation?: Node;
  readonly types?: readonly Node[];
}

/**
 * Optional properties of inputs that refuse an explicit `undefined`, in the files from which an
 * entry exports. With `exactOptionalPropertyTypes`, users could not pass them a variable that may
 * be `undefined`. Inputs are the types named above, and objects that a function or a method takes.
 * What the kit passes to a callback is no input.
 */
export function strictInputs(entry: string, sources: readonly SourceFile[]): string[] {
  const files = new Set(exportsOf(entry, sources).map(({ source }) => source));
  return [...files].flatMap(({ path, text, program }) =>
    program.body
      .flatMap((statement) => ("declaration" in statement ? strictIn(statement.declaration) : []))
      .map(({ start, end }) => `${path}: ${text.slice(start, end).replace(/\s+/g, " ")}`),
  );
}

/** The strict properties within a part of the program. */
function strictIn(part: unknown, isInput = false): Node[] {
  if (Array.isArray(part)) return part.flatMap((one: unknown) => strictIn(one, isInput));
  if (!isNode(part)) return [];
  const own = isInput && part.optional && !acceptsUndefined(part) ? [part] : [];
  switch (part.type) {
    case "TSFunctionType":
      return [];
    case "TSMethodSignature":
    case "FunctionDeclaration":
    case "TSDeclareFunction":
    case "ArrowFunctionExpression":
      return [...own, ...strictIn(part.params, true)];
    case "TSInterfaceDeclaration":
    case "TSTypeAliasDeclaration":
      return strictIn(Object.values(part), INPUT.test(part.id?.name ?? ""));
    default:
      return [...own, ...strictIn(Object.values(part), isInput)];
  }
}

const isNode = (part: unknown): part is Node =>
  typeof part === "object" && part !== null && "type" in part;

/** A parameter accepts it by itself. */
function acceptsUndefined({ type, typeAnnotation }: Node): boolean {
  if (type === "Identifier") return true;
  const annotated = typeAnnotation?.typeAnnotation;
  return (annotated?.types ?? [annotated]).some(
    (one) => one?.type === "TSUndefinedKeyword" || one?.type === "TSUnknownKeyword",
  );
}
