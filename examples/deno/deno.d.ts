// Deno knows its own types. These stand in for them where this repository is compiled without it.

declare const Deno: {
  readonly env: { get(name: string): string | undefined };
  serve(
    options: { port: number; onListen(at: { port: number }): void },
    handler: (request: Request) => Response | Promise<Response>,
  ): { shutdown(): Promise<void> };
  addSignalListener(signal: "SIGTERM", listener: () => Promise<void>): void;
  exit(code: number): never;
};
