import type { Child } from "hono/jsx";
import { frontLink, pageLink, type PageContext } from "./page-context.ts";

/** The frame of every page. */
export const Layout = (props: { page: PageContext; title: string; children: Child }) => (
  <html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <title>{props.title}</title>
      <link rel="icon" href="data:," />
      <link
        rel="stylesheet"
        nonce={props.page.nonce}
        href={pageLink(props.page, "assets/page.css")}
      />
      <script defer nonce={props.page.nonce} src={pageLink(props.page, "assets/htmx.js")}></script>
      <script defer nonce={props.page.nonce} src={pageLink(props.page, "assets/page.js")}></script>
    </head>
    <body data-stream={pageLink(props.page, "stream")}>
      <a class="skip" href="#main">
        Skip to the jobs
      </a>
      <header class="top">
        <a class="brand" href={frontLink(props.page)}>
          Abstrakt <b>webhooks</b>
        </a>
        <p class="about">{props.page.source.about}</p>
        <p class="link" id="link" role="status">
          not live
        </p>
      </header>
      <main id="main">{props.children}</main>
      <footer>
        <p class="keys">
          <span>
            <kbd>j</kbd> <kbd>k</kbd> next, previous
          </span>
          <span>
            <kbd>Enter</kbd> open
          </span>
          <span>
            <kbd>r</kbd> refresh
          </span>
          <span>
            <kbd>/</kbd> filter
          </span>
        </p>
        {props.page.readOnly && <p>This page is read-only.</p>}
      </footer>
    </body>
  </html>
);

/** The live part of a page. The browser requests it again when something has changed. */
export const Live = (props: { url: string; children: Child }) => (
  <div
    id="live"
    hx-get={props.url}
    hx-trigger="refresh"
    hx-target="this"
    hx-select="#live"
    hx-swap="outerMorph"
  >
    {props.children}
  </div>
);
