/** What the load uses of autocannon 8, which ships no types. */
declare module "autocannon" {
  function autocannon(options: autocannon.Options): autocannon.Run;

  namespace autocannon {
    interface Options {
      readonly url: string;
      readonly method: "POST";
      readonly requests: readonly { setupRequest(request: Request): Request }[];
      readonly connections: number;
      /** In seconds. */
      readonly duration: number;
      /** In milliseconds. A run ends with the first sample after its duration. */
      readonly sampleInt: number;
      /** In seconds, for one answer. */
      readonly timeout: number;
      /** Ends the run at this many errors and mismatches. */
      readonly bailout: number;
      verifyBody(body: string): boolean;
    }

    interface Request {
      readonly body?: string;
      readonly headers?: Readonly<Record<string, string>>;
    }

    interface Run extends PromiseLike<Result> {
      on(
        event: "response",
        listener: (client: unknown, status: number, bytes: number, ms: number) => void,
      ): void;
    }

    interface Result {
      /** In seconds, as measured. */
      readonly duration: number;
      readonly requests: { readonly total: number };
      readonly statusCodeStats: Readonly<Record<string, { readonly count: number }>>;
      /** Lost connections and timeouts. */
      readonly errors: number;
      /** Answers that `verifyBody` refused. */
      readonly mismatches: number;
    }
  }

  export = autocannon;
}
