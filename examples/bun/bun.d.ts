// Bun's own types are in `@types/bun`. The compiler of this repository uses these instead.

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
