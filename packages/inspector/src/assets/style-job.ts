/** A job's page: facts, timeline, conflicts, outputs, payload and actions. */
export const styleJob = `
.job h1 { font: 600 1.25rem var(--mono); overflow-wrap: anywhere; margin: 0.2rem 0 0.9rem; }
.back a { color: var(--soft); text-decoration: none; }
.back a::before { content: "\\2190\\00a0"; }
.back a:hover { text-decoration: underline; }
.note {
  background: var(--good-wash); color: var(--good); border-radius: var(--radius);
  padding: 0.45rem 0.8rem; margin-bottom: 0.9rem;
}
.facts {
  display: flex; flex-wrap: wrap; gap: 0.7rem 2.2rem; padding: 0.8rem 1rem; background: var(--raised);
  border: 1px solid var(--line); border-radius: var(--radius);
}
.facts .chip { margin: 0 0 0 0.4rem; }
.facts dt { color: var(--soft); font-size: 0.8125rem; }
.facts .wide { flex: 1 0 100%; }
.facts .wide dd { color: var(--bad); overflow-wrap: anywhere; }
.job section { margin-top: 1.5rem; }

.timeline ol { border-left: 2px solid var(--line); margin-left: 0.3rem; }
.timeline li {
  position: relative; display: grid; grid-template-columns: 6.6rem 5rem 9rem 1fr; gap: 0.6rem;
  padding: 0.22rem 0 0.22rem 1rem; align-items: baseline;
}
.timeline li::before {
  content: ""; position: absolute; left: -0.35rem; top: 0.65rem; width: 0.6rem; height: 0.6rem;
  border-radius: 50%; background: var(--soft); box-shadow: 0 0 0 3px var(--ground);
}
.timeline time { font: 0.8125rem var(--mono); color: var(--soft); }
.timeline .since { color: var(--soft); font-size: 0.8125rem; text-align: right; }
.timeline b { font-weight: 600; }
.timeline .detail { color: var(--soft); overflow-wrap: anywhere; }
.timeline .good::before { background: var(--good); }
.timeline .bad::before { background: var(--bad); }
.timeline .bad b { color: var(--bad); }
.timeline .repeat::before { background: var(--repeat); }
.timeline .repeat b { color: var(--repeat); }
.timeline .remark { margin-top: 0.5rem; }

pre {
  font: 0.8125rem/1.5 var(--mono); background: var(--raised); border: 1px solid var(--line);
  border-radius: var(--radius); padding: 0.8rem 1rem; overflow: auto; max-height: 34rem;
  white-space: pre-wrap; overflow-wrap: anywhere;
}
pre .key { color: var(--accent); }
pre .string { color: var(--good); }
pre .literal { color: var(--repeat); }
pre .punctuation { color: var(--soft); }
.diff { padding: 0.6rem 0; }
.diff span { display: block; padding: 0 1rem 0 2.2rem; text-indent: -1.2rem; }
.diff .same { color: var(--soft); }
.diff .kept, .key.kept { background: var(--good-wash); color: var(--good); }
.diff .refused, .key.refused { background: var(--bad-wash); color: var(--bad); }
.key { border-radius: 4px; padding: 0 0.4rem; font-size: 0.8125rem; margin-left: 0.3rem; }
pre .key { padding: 0; margin: 0; font-size: inherit; }
figcaption { margin-bottom: 0.5rem; }
figure + figure { margin-top: 1.2rem; }

.columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(26rem, 100%), 1fr)); gap: 0 2rem; }
.columns section { min-width: 0; }
.outputs li { display: flex; flex-direction: column; gap: 0.5rem; align-items: flex-start; }
.outputs li + li { margin-top: 1rem; }
.outputs img, .outputs video {
  max-width: 100%; max-height: 24rem; border-radius: var(--radius); border: 1px solid var(--line);
  background: var(--faint);
}
.outputs audio { width: 100%; }
.address { font: 0.8125rem var(--mono); color: var(--soft); overflow-wrap: anywhere; }
.copy { display: flex; flex-wrap: wrap; gap: 0.4rem; align-items: center; margin-bottom: 0.5rem; }
.copy button, .outputs .button { padding: 0.1rem 0.6rem; font-size: 0.8125rem; }
.payload .remark { margin-top: 0.5rem; }
.copy span { color: var(--good); font-size: 0.8125rem; }
.redrive { margin-top: 0.9rem; }
.replay { margin-top: 1.5rem; }
.replay summary { cursor: pointer; color: var(--accent); width: fit-content; }
.replay form { margin-top: 0.6rem; display: grid; gap: 0.6rem; max-width: 52rem; }
.replay fieldset { border: 0; margin: 0; padding: 0; display: flex; gap: 1.2rem; }
.replay textarea { font: 0.8125rem/1.5 var(--mono); }
.replay button { justify-self: start; }

@media (max-width: 40rem) {
  .timeline li { grid-template-columns: 1fr auto; gap: 0 0.6rem; padding-bottom: 0.5rem; }
  .timeline b, .timeline .detail { grid-column: 1 / -1; }
  .facts { gap: 0.6rem 1.4rem; }
}
`;
