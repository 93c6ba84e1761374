/** The front page: the jobs that need attention, the filter and the table of jobs. */
export const styleFront = `
.needs { display: flex; flex-wrap: wrap; gap: 0.5rem; align-items: stretch; margin-bottom: 0.7rem; }
.tile {
  display: flex; align-items: baseline; gap: 0.45rem; padding: 0.45rem 0.9rem;
  border: 1px solid var(--line); border-radius: var(--radius); background: var(--raised);
  color: var(--soft); text-decoration: none;
}
.tile b { font-size: 1.125rem; font-weight: 600; color: var(--ink); }
.tile:hover { border-color: var(--soft); }
.tile.bad { background: var(--bad-wash); border-color: transparent; color: var(--bad); }
.tile.warn { background: var(--warn-wash); border-color: transparent; color: var(--warn); }
.tile.bad b, .tile.warn b { color: inherit; }
.states { display: flex; flex-wrap: wrap; gap: 0.1rem; margin-left: auto; align-items: center; }
.states a {
  color: var(--soft); text-decoration: none; padding: 0.3rem 0.6rem; border-radius: var(--radius);
}
.states a:hover { background: var(--faint); }
.states a[aria-current] { background: var(--faint); color: var(--ink); font-weight: 600; }
.count { font-weight: 400; margin-left: 0.15rem; }

.filter p { color: var(--warn); font-size: 0.8125rem; padding: 0.3rem 0.1rem 0; }
.filter p span { display: block; }
.filter p:empty { display: none; }
.news { height: 1.9rem; display: flex; align-items: end; justify-content: center; position: sticky; top: 0; }
.news a {
  background: var(--accent); color: var(--on-accent); text-decoration: none; border-radius: 999px;
  padding: 0.15rem 0.9rem; font-weight: 600; font-size: 0.8125rem;
}

table.jobs { width: 100%; border-collapse: collapse; table-layout: fixed; }
.jobs th, .jobs td { text-align: left; vertical-align: baseline; padding: 0.42rem 0.75rem 0.42rem 0; }
.jobs thead th { color: var(--soft); font-weight: 400; font-size: 0.8125rem; }
.jobs thead tr, .jobs tbody tr { border-bottom: 1px solid var(--line); }
.jobs tbody tr { scroll-margin: 4rem; }
.jobs tbody tr:hover { background: var(--faint); }
.jobs tbody tr:focus-within { background: var(--run-wash); }
.jobs tr > :first-child { padding-left: 0.75rem; }
.jobs .attention { box-shadow: inset 3px 0 0 var(--bad); }
.jobs .number { text-align: right; white-space: nowrap; }
.jobs thead th:nth-child(1) { width: 8.5rem; }
.jobs thead th:nth-child(3) { width: 5.5rem; }
.jobs thead th:nth-child(4) { width: 13rem; }
.jobs thead th:nth-child(5) { width: 5.5rem; }
.jobs thead th:nth-child(6) { width: 5.5rem; }
.jobs thead th:nth-child(7) { width: 4.5rem; }
.jobs thead th:nth-child(8) { width: 24%; }
.jobs tr > :nth-child(8) { padding-left: 1.2rem; }
.jobs .c-job { font-weight: 400; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.c-job a { font-family: var(--mono); font-size: 0.8125rem; color: var(--ink); text-decoration: none; }
.c-job a:hover, .c-job a:focus { text-decoration: underline; }
.ref { color: var(--soft); margin-left: 0.6rem; }
.c-type, .c-ack, .c-age, .c-attempts { color: var(--soft); }
.c-error {
  color: var(--soft); overflow: hidden; text-overflow: ellipsis; white-space: nowrap;
}
.c-type.failed { color: var(--warn); }
.attention .c-error { color: var(--bad); }
.nothing { text-align: center; color: var(--soft); padding: 3.5rem 1rem; }
.nothing b, .nothing h1 {
  display: block; margin-bottom: 0.3rem; font-size: 1rem; font-weight: 600; color: var(--ink);
}
.more { color: var(--soft); padding: 0.9rem 0.75rem; }
.notices { margin-top: 2rem; }
.notices h2, .job h2 { font-size: 0.8125rem; font-weight: 600; color: var(--soft); margin-bottom: 0.4rem; }
.notices li { padding: 0.2rem 0; overflow-wrap: anywhere; }
.notices time { color: var(--soft); display: inline-block; min-width: 5.5rem; }

.knobs {
  display: flex; flex-wrap: wrap; gap: 0.6rem 0.9rem; align-items: center; margin-bottom: 1rem;
  padding: 0.7rem 0.9rem; background: var(--faint); border-radius: var(--radius);
}
.knobs form { display: flex; align-items: center; }
.knobs span { color: var(--soft); margin-right: 0.5rem; }
.knobs form button:not(.primary) {
  padding: 0.1rem 0.4rem; font-size: 0.8125rem; border-radius: 0; margin-left: -1px;
}
.knobs form button:first-of-type { border-radius: var(--radius) 0 0 var(--radius); }
.knobs form button:last-of-type { border-radius: 0 var(--radius) var(--radius) 0; }
.knobs form button.primary { border-radius: var(--radius); }
.knobs [aria-pressed="true"] { background: var(--ink); color: var(--ground); border-color: var(--ink); }

@media (max-width: 60rem) {
  .states { margin-left: 0; }
  .about { display: none; }
  .link { margin-left: auto; }
  table.jobs, .jobs tbody { display: block; }
  .jobs thead { display: none; }
  .jobs tbody tr {
    display: grid; grid-template-columns: auto 1fr auto; gap: 0.15rem 0.8rem; padding: 0.55rem 0.75rem;
  }
  .jobs tbody tr > * { padding: 0; }
  .jobs tr > :first-child { padding-left: 0; }
  .jobs .c-job { grid-column: 1 / 3; grid-row: 1; }
  .jobs .c-age { grid-column: 3; grid-row: 1; }
  .jobs .c-state { grid-column: 1; grid-row: 2; }
  .jobs .c-type { grid-column: 2; grid-row: 2; }
  .jobs .c-repeats { grid-column: 1 / -1; grid-row: 3; }
  .jobs .c-error { grid-column: 1 / -1; grid-row: 4; white-space: normal; overflow-wrap: anywhere; }
  .jobs tr > :nth-child(8) { padding-left: 0; }
  .jobs td:empty, .jobs .c-ack, .jobs .c-attempts { display: none; }
}
@media (max-width: 40rem) {
  body { padding: 0 0.9rem 2rem; }
  .keys { display: none; }
  .knobs form { width: 100%; }
  .knobs span { width: 5.5rem; }
  footer { border: 0; }
  .tile { flex: 1 1 0; flex-direction: column; gap: 0; padding: 0.45rem 0.7rem; line-height: 1.25; }
  .states { flex-wrap: nowrap; width: 100%; overflow-x: auto; white-space: nowrap; }
}
`;
