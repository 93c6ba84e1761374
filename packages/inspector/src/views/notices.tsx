import type { Notice } from "../model/front.ts";
import { toAgo } from "../model/words.ts";
import { Age } from "./small.tsx";

/** The newest refusals and warnings of this process. */
export const Notices = (props: { notices: readonly Notice[]; nowMs: number }) =>
  props.notices.length === 0 ? null : (
    <section class="notices" aria-labelledby="notices-title">
      <h2 id="notices-title">Refused deliveries and warnings of this process</h2>
      <ul>
        {props.notices.map((notice) => (
          <li>
            <Age atMs={notice.atMs} nowMs={props.nowMs} toWords={toAgo} />{" "}
            {notice.type === "refused" ? (
              <>
                <b>{notice.status}</b> {notice.reason}
                {notice.error && `: ${notice.error.message}`}
              </>
            ) : (
              <>
                <b>{notice.error.code}</b> {notice.error.message}
              </>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
