/** The answer of an endpoint to one request. */
export interface Answer {
  readonly status: number;
  /** The parsed JSON, or the text when it is not JSON. */
  readonly body: unknown;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Reads a response to its end. */
export async function readAnswer(response: Response): Promise<Answer> {
  return {
    status: response.status,
    body: jsonOrText(await response.text()),
    headers: Object.fromEntries(response.headers),
  };
}

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
