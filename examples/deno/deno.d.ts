// Deno has its own types. The compiler of this repository uses these instead.

declare const Deno: {
  readonly env: { get(name: string): string | undefined };
  serve(
    options: { port: number; onListen(at: { port: number }): void },
    handler: (request: Request) => Response | Promise<Response>,
  ): { shutdown(): Promise<void> };
  addSignalListener(signal: "SIGTERM", listener: () => Promise<void>): void;
  exit(code: number): never;
};
