import type { Knob } from "../source/source.ts";
import { pageLink, type PageContext } from "./page-context.ts";

/** The settings that a person can change, and a button that starts a job. */
export const Knobs = ({ page }: { page: PageContext }) => {
  const { source, readOnly } = page;
  if (readOnly || source.knobs === undefined) return null;
  return (
    <section class="knobs" aria-label="Simulator">
      {source.submit && (
        <form method="post" action={pageLink(page, "submit")}>
          <button class="primary">Start a job</button>
        </form>
      )}
      {source.knobs().map((knob) => (
        <Turn page={page} knob={knob} />
      ))}
    </section>
  );
};

const Turn = ({ page, knob }: { page: PageContext; knob: Knob }) => (
  <form method="post" action={pageLink(page, "knobs")}>
    <input type="hidden" name="name" value={knob.name} />
    <span>{knob.label}</span>
    {knob.choices.map(({ value, label }) => (
      <button name="value" value={value} aria-pressed={value === knob.value ? "true" : "false"}>
        {label}
      </button>
    ))}
  </form>
);
