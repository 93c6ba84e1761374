// Only the types of Bun and Deno that the suites use, so that their own types stay out.

declare const Bun: {
  serve(options: {
    port: number;
    hostname: string;
    fetch: (request: Request) => Promise<Response>;
  }): { readonly port: number; stop(closeConnections: boolean): Promise<void> };
};

declare const Deno: {
  serve(
    options: { port: number; hostname: string; onListen(): void; signal: AbortSignal },
    handler: (request: Request) => Promise<Response>,
  ): { readonly addr: { readonly port: number } };
};

declare module "bun:sqlite" {
  export const Database: new (
    path: string,
  ) => import("@abstrakt-webhooks/store-sqlite").SqliteDatabase;
}
