/** Colours, fonts and the frame. The page uses the system's fonts and its light or dark mode. */
export const styleBase = `
:root {
  --ground: #fbfbfa; --raised: #ffffff; --line: #e4e4e0; --faint: #f3f3f0;
  --ink: #1d1e20; --soft: #5d6066; --accent: #2456b8; --on-accent: #ffffff;
  --good: #1b6e3c; --bad: #b3261e; --warn: #8a5300; --repeat: #6a3fa8; --run: #2456b8;
  --good-wash: #e6f3ea; --bad-wash: #fbe9e7; --warn-wash: #fdf0d9; --repeat-wash: #f0e9fb;
  --run-wash: #e6edfa;
  --mono: ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace;
  --radius: 6px;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #141517; --raised: #1b1d20; --line: #303338; --faint: #222529;
    --ink: #e8e8e6; --soft: #a2a6ad; --accent: #8fb4ff; --on-accent: #10151f;
    --good: #7fd19b; --bad: #ff9d94; --warn: #f0bd6b; --repeat: #c9aaf5; --run: #8fb4ff;
    --good-wash: #16301f; --bad-wash: #3a1d1b; --warn-wash: #382a12; --repeat-wash: #2a2040;
    --run-wash: #1a2740;
  }
}
* { box-sizing: border-box; }
html { background: var(--ground); color: var(--ink); -webkit-text-size-adjust: 100%; }
body {
  margin: 0 auto; max-width: 84rem; padding: 0 1.5rem 3rem;
  font: 0.875rem/1.45 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
  font-variant-numeric: tabular-nums;
}
h1, h2, p, ol, ul, dl, dd, figure, pre { margin: 0; padding: 0; }
ol, ul { list-style: none; }
a { color: var(--accent); text-underline-offset: 0.2em; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 3px; }
.hidden {
  position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
  white-space: nowrap;
}
.skip { position: absolute; left: -99rem; }
.skip:focus { left: 1rem; top: 0.5rem; background: var(--raised); padding: 0.5rem; z-index: 1; }

.top {
  display: flex; align-items: baseline; gap: 1rem; padding: 1.1rem 0 0.9rem;
  border-bottom: 1px solid var(--line); margin-bottom: 1.1rem;
}
.brand { color: var(--ink); text-decoration: none; font-size: 1rem; white-space: nowrap; }
.about { color: var(--soft); flex: 1; }
.link { color: var(--soft); white-space: nowrap; }
.link::before {
  content: ""; display: inline-block; width: 0.5rem; height: 0.5rem; border-radius: 50%;
  margin-right: 0.4rem; background: var(--line);
}
.link.live::before { background: var(--good); }
.link.lost::before { background: var(--warn); }
footer {
  display: flex; gap: 1.5rem; margin-top: 2.5rem; padding-top: 0.8rem; color: var(--soft);
  border-top: 1px solid var(--line); font-size: 0.8125rem;
}
kbd {
  font: 0.75rem var(--mono); border: 1px solid var(--line); border-radius: 4px;
  padding: 0.05rem 0.35rem; background: var(--raised);
}
.keys { display: flex; flex-wrap: wrap; gap: 0.3rem 1.2rem; }

button, .button {
  font: inherit; color: var(--ink); background: var(--raised); border: 1px solid var(--line);
  border-radius: var(--radius); padding: 0.3rem 0.75rem; cursor: pointer; text-decoration: none;
  display: inline-block;
}
button:hover, .button:hover { border-color: var(--soft); }
button.primary { background: var(--accent); color: var(--on-accent); border-color: var(--accent); }
input[type="search"], textarea {
  font: inherit; color: var(--ink); background: var(--raised); border: 1px solid var(--line);
  border-radius: var(--radius); padding: 0.45rem 0.7rem; width: 100%;
}
input::placeholder { color: var(--soft); opacity: 1; }

.state { white-space: nowrap; color: var(--soft); }
.state::before {
  content: ""; display: inline-block; width: 0.5rem; height: 0.5rem; border-radius: 50%;
  background: currentColor; margin-right: 0.45rem;
}
.state.expected::before { background: none; box-shadow: inset 0 0 0 2px currentColor; }
.state.pending { color: var(--warn); }
.state.leased { color: var(--run); }
.state.done::before { color: var(--good); }
.state.dead { color: var(--bad); font-weight: 600; }
.chip {
  display: inline-block; border-radius: 999px; padding: 0 0.55rem; font-size: 0.8125rem;
  white-space: nowrap; text-decoration: none; margin-right: 0.3rem;
}
.chip.repeat { background: var(--repeat-wash); color: var(--repeat); }
.chip.bad { background: var(--bad-wash); color: var(--bad); }
a.chip:hover { text-decoration: underline; }
.remark { color: var(--soft); font-size: 0.8125rem; }
.none { color: var(--soft); }
@media (prefers-reduced-motion: no-preference) {
  [data-live] .chip { animation: arrive 1.6s ease-out; }
  @keyframes arrive { from { box-shadow: 0 0 0 6px var(--repeat-wash); } }
}
`;
