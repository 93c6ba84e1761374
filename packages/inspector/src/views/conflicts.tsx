import type { Contradiction } from "../model/job-page.ts";
import { toClockTime, toCount } from "../model/words.ts";

/** Each delivery that contradicted the result, with a comparison of both. */
export const Conflicts = (props: { contradictions: readonly Contradiction[]; count: number }) => {
  const { contradictions, count } = props;
  if (count === 0) return null;
  const unseen = count - contradictions.length;
  return (
    <section class="conflicts" id="conflicts" aria-labelledby="conflicts-title">
      <h2 id="conflicts-title">Conflicts</h2>
      {contradictions.map((one) => (
        <Comparison contradiction={one} />
      ))}
      {unseen > 0 && (
        <p>{toCount(unseen, "conflict")} this process did not see, or no longer keeps.</p>
      )}
    </section>
  );
};

const MARKS = { same: " ", kept: "✓", refused: "✗" } as const;

const Comparison = ({ contradiction }: { contradiction: Contradiction }) => {
  const { atMs, reason, lines, refused } = contradiction;
  return (
    <figure>
      <figcaption>
        {toClockTime(atMs).slice(0, 8)}{" "}
        {reason === "binding"
          ? "The delivery came by another URL than the job was expected by."
          : "Another result came for this job."}{" "}
        The first one stays. <span class="key kept">{MARKS.kept} kept</span>{" "}
        <span class="key refused">{MARKS.refused} refused</span>
      </figcaption>
      {lines !== undefined ? (
        <pre class="diff" tabindex={0} aria-label="The kept and the refused result, line by line">
          {lines.map(({ mark, text }) => (
            <span class={mark}>{`${MARKS[mark]} ${text}\n`}</span>
          ))}
        </pre>
      ) : refused === undefined ? (
        <p>Its payload is no longer kept.</p>
      ) : (
        <pre tabindex={0} aria-label="The refused result">
          {refused.text}
        </pre>
      )}
    </figure>
  );
};
