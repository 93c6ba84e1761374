/**
 * The page's script for the browser, beside htmx. It listens to the stream, handles keys, copies
 * text, and loads an output file on a click. Without it the links and forms still work.
 */
export const script = String.raw`
"use strict";
(() => {
  const byId = (id) => document.getElementById(id);

  // After each answer, the page waits nine times as long as the answer took. So an open page uses a
  // tenth of the server's time at most.
  let askedAt = 0, notBefore = 0, waiting;
  const refresh = () => {
    if (waiting !== undefined) return;
    waiting = setTimeout(() => {
      waiting = undefined;
      askedAt = performance.now();
      byId("live")?.dispatchEvent(new Event("refresh"));
    }, notBefore - performance.now());
  };

  // The stream reports that something has changed. A hidden page closes the stream.
  let stream, again;
  const show = (name, words) => {
    const link = byId("link");
    if (link.textContent === words) return;
    link.className = "link " + name;
    link.textContent = words;
  };
  const listen = () => {
    clearTimeout(again);
    stream?.close();
    if (document.hidden) return;
    stream = new EventSource(document.body.dataset.stream);
    stream.addEventListener("open", () => { show("live", "live"); refresh(); });
    stream.addEventListener("changed", refresh);
    stream.addEventListener("alive", refresh);
    stream.addEventListener("error", () => {
      show("lost", "not live, trying again");
      if (stream.readyState === EventSource.CLOSED) again = setTimeout(listen, 3000);
    });
  };
  document.addEventListener("visibilitychange", () => document.hidden ? stream?.close() : listen());
  window.addEventListener("pagehide", () => stream?.close());
  document.addEventListener("htmx:after:swap", () => {
    const now = performance.now();
    notBefore = now + 9 * (now - askedAt);
    document.documentElement.dataset.live = "";
  });
  listen();

  // Handles keys, except in a text field.
  const move = (step) => {
    const rows = [...document.querySelectorAll("[data-row]")];
    const at = rows.indexOf(document.activeElement);
    const row = rows[at < 0 ? (step > 0 ? 0 : rows.length - 1) : at + step];
    row?.focus();
    row?.closest("tr").scrollIntoView({ block: "nearest" });
  };
  const keys = {
    j: () => move(1),
    k: () => move(-1),
    "/": () => byId("q") ? byId("q").focus() : location.assign(document.querySelector(".brand").href),
    r: () => { const fresh = byId("show-new"); fresh ? fresh.click() : refresh(); },
    Escape: () => document.activeElement.blur(),
  };
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, textarea");
    if (event.ctrlKey || event.metaKey || event.altKey || (typing && event.key !== "Escape")) return;
    const act = Object.hasOwn(keys, event.key) && keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });

  // Copies the text that the page shows. The page already hides secrets.
  const quote = (text) => "'" + text.replaceAll("'", "'\\''") + "'";
  const copies = {
    json: () => byId("payload").textContent,
    id: () => byId("job-id").textContent,
    curl: () => "curl -X POST \"$WEBHOOK_URL\" -H 'content-type: application/json' -d " +
      quote(byId("payload").textContent),
  };
  const copy = async (button) => {
    try {
      await navigator.clipboard.writeText(copies[button.dataset.copy]());
      byId("copied").textContent = "Copied.";
    } catch {
      byId("copied").textContent = "This browser lets a page copy over https only.";
    }
    setTimeout(() => { byId("copied").textContent = ""; }, 3000);
  };

  const elements = { image: "img", video: "video", audio: "audio" };
  const load = (link) => {
    const element = document.createElement(elements[link.dataset.media]);
    element.src = link.href;
    if (link.dataset.media === "image") element.alt = "Output";
    else element.controls = true;
    link.replaceWith(element);
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy]");
    const link = event.target.closest("[data-media]");
    if (button) void copy(button);
    if (link && Object.hasOwn(elements, link.dataset.media) && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      load(link);
    }
  });
})();
`;
