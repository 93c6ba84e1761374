import { mkdir, readdir } from "node:fs/promises";
import { abstraktWebhook, type Receiver } from "@abstrakt-webhooks/express";
import express, { type Express } from "express";

const TAGS: Readonly<Record<string, (src: string) => string>> = {
  mp4: (src) => `<video src="${src}" controls></video>`,
  webm: (src) => `<video src="${src}" controls></video>`,
  mp3: (src) => `<audio src="${src}" controls></audio>`,
  wav: (src) => `<audio src="${src}" controls></audio>`,
};
const image = (src: string): string => `<img src="${src}" alt="" width="320" />`;

/** Receives results, and shows the files that were saved to `folder`. */
export function createApp(receiver: Receiver, folder: string): Express {
  const app = express();
  app.post("/api/abstrakt-webhook", abstraktWebhook(receiver));

  app.get("/", async (_, res) => {
    await mkdir(folder, { recursive: true });
    const names = (await readdir(folder)).filter((name) => !name.endsWith(".part")).sort();
    const figures = names.map((name) => {
      // The name is already encoded. Its percent signs are part of the name.
      const src = `/files/${encodeURIComponent(name)}`;
      const tag = TAGS[name.split(".").at(-1) ?? ""] ?? image;
      return `<figure>${tag(src)}<figcaption>${escapeHtml(name)}</figcaption></figure>`;
    });
    res.send(`<!doctype html><title>Outputs</title>${figures.join("\n") || "<p>No file yet.</p>"}`);
  });

  // The files come from another host: a browser must not run scripts in them.
  const headers = { "X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox" };
  app.use(
    "/files",
    express.static(folder, {
      setHeaders: (res) => res.setHeaders(new Map(Object.entries(headers))),
    }),
  );
  return app;
}

const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
