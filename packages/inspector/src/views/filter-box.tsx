import type { Front } from "../model/front.ts";
import { frontLink, type PageContext } from "./page-context.ts";

const EXAMPLE = "state:dead type:image ref:order error:timeout is:conflict";

/** The filter box. Its `key:value` words are also in the URL. */
export const FilterBox = ({ page, front }: { page: PageContext; front: Front }) => {
  const { filter } = front;
  return (
    <form class="filter" role="search" action={frontLink(page)} method="get">
      <label class="hidden" for="q">
        Filter
      </label>
      <input
        id="q"
        name="q"
        type="search"
        value={filter.text}
        placeholder={`Filter by job id, or by ${EXAMPLE}`}
        autocomplete="off"
        autocapitalize="off"
        spellcheck={false}
        aria-describedby="filter-note"
      />
      <p id="filter-note">
        {notesOf(front).map((note) => (
          <span>{note}</span>
        ))}
      </p>
    </form>
  );
};

/** The notes below the filter box, on words that it cannot use fully. */
function notesOf({ filter }: Front): readonly string[] {
  const { onPage, unknown } = filter;
  const notes: string[] = [];
  if (onPage.length > 0) {
    notes.push(
      `${onPage.join(", ")}: the store cannot serve this, so only the loaded jobs are filtered.`,
    );
  }
  if (unknown.length > 0) {
    notes.push(
      `${unknown.join(", ")}: no such filter. Known are state, job, ref, type, error, source and is.`,
    );
  }
  return notes;
}
