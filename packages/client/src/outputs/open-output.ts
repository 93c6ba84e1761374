import { isAbstraktWebhookError } from "@abstrakt-webhooks/core";
import type { Host } from "../host.ts";
import { describeFailure } from "../transport-failure.ts";
import { redirectedTooOften, refused, tooLarge, unavailable } from "./output-error.ts";
import type { OutputSettings } from "./settings.ts";
import { SILENT, withinSilence } from "./within-silence.ts";

const MAX_ATTEMPTS = 3;
const FIRST_PAUSE_MS = 500;
const MAX_REDIRECTS = 5;

/** A file whose response has begun. */
export interface OpenOutput {
  readonly response: Response;
  /** The URL that answered, after redirects. */
  readonly url: URL;
  /** The value of `Content-Length`. `undefined` if there is none. */
  readonly bytes: number | undefined;
  /** Closes the connection. */
  abort(): void;
}

/**
 * Requests a file, at most three times.
 *
 * @throws AbstraktWebhookError `output_refused`, `output_too_large` or `output_unavailable`. When
 * the caller's signal aborts, its reason is thrown.
 */
export async function openOutput(
  host: Host,
  settings: OutputSettings,
  index: number,
  address: string,
): Promise<OpenOutput> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await follow(host, settings, index, address);
    } catch (thrown) {
      const mayPass = isAbstraktWebhookError(thrown) && thrown.code === "output_unavailable";
      if (!mayPass || attempt === MAX_ATTEMPTS) throw thrown;
    }
    const pauseMs = FIRST_PAUSE_MS * 2 ** (attempt - 1);
    const { signal = new AbortController().signal } = settings;
    await host.sleep((pauseMs * (1 + host.random())) / 2, signal);
  }
}

/** Follows redirects, and checks each of them. */
async function follow(
  host: Host,
  settings: OutputSettings,
  index: number,
  address: string,
): Promise<OpenOutput> {
  let url = parse(index, address);
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
    const refusal = settings.refusalOf(url);
    if (refusal !== undefined) throw refused(index, refusal);
    const { response, abort } = await ask(host, settings, index, url);
    const { status } = response;
    if (status === 200) return accept(settings, index, { response, url, abort });
    abort();
    if (![301, 302, 303, 307, 308].includes(status)) {
      throw unavailable(index, `status ${status}`, status);
    }
    url = parse(index, response.headers.get("location") ?? "", url);
  }
  throw redirectedTooOften(index, MAX_REDIRECTS);
}

function parse(index: number, address: string, base?: URL): URL {
  if (address !== "" && URL.canParse(address, base)) return new URL(address, base);
  throw unavailable(index, base === undefined ? "no URL" : "a redirect without a usable Location");
}

/** Sends one request, without a key or a cookie. */
async function ask(
  host: Host,
  settings: OutputSettings,
  index: number,
  url: URL,
): Promise<Pick<OpenOutput, "response" | "abort">> {
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  try {
    const sent = settings.fetch(url.href, {
      method: "GET",
      // Without compression the Content-Length is the number of bytes, so it can be checked.
      headers: { accept: "*/*", "accept-encoding": "identity" },
      redirect: "manual",
      signal: controller.signal,
    });
    const response = await withinSilence(host, settings, sent);
    if (response === SILENT) throw unavailable(index, `no answer for ${settings.timeoutMs} ms`);
    const { body } = response;
    return {
      response,
      abort() {
        abort();
        // The user's own `fetch` may ignore the signal.
        if (body?.locked === false) body.cancel().catch(() => undefined);
      },
    };
  } catch (thrown) {
    abort();
    if (isAbstraktWebhookError(thrown) || settings.signal?.aborted) throw thrown;
    throw unavailable(index, describeFailure(thrown).reason);
  }
}

function accept(
  { maxBytes }: OutputSettings,
  index: number,
  opened: Omit<OpenOutput, "bytes">,
): OpenOutput {
  const { headers } = opened.response;
  const isPlain = ["", "identity"].includes(
    headers.get("content-encoding")?.trim().toLowerCase() ?? "",
  );
  const length = headers.get("content-length")?.trim() ?? "";
  const bytes = isPlain && /^\d{1,15}$/.test(length) ? Number(length) : undefined;
  if (bytes === undefined || bytes <= maxBytes) return { ...opened, bytes };
  opened.abort();
  throw tooLarge(index, maxBytes, `a Content-Length of ${bytes}`);
}
