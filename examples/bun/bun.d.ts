// Bun's own types are in `@types/bun`. These stand in for them where this repository is compiled without it.

declare const Bun: {
  serve(options: {
    port: string;
    routes: Record<string, (request: Request) => Promise<Response>>;
  }): { readonly port: number; stop(): Promise<void> };
  sleep(ms: number): Promise<void>;
};

declare module "bun:sqlite" {
  export const Database: new (
    path: string,
  ) => import("@abstrakt-webhooks/store-sqlite").SqliteDatabase;
}
