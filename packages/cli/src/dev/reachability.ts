import { connect } from "node:net";

/** Notices when an app cannot be reached, and when it can be again. */
export interface Reachability {
  /** A delivery to this URL found nobody. */
  missed(url: string): void;
  /** A delivery to this URL was answered. */
  answered(url: string): void;
  /** Stops looking. */
  stop(): void;
}

const LOOK_AGAIN_MS = 500;

/** @param report called once when an origin is gone, and once when it is back. */
export function watchReachability(
  report: (origin: string, reachable: boolean) => void,
): Reachability {
  const missing = new Map<string, NodeJS.Timeout>();

  const answered = (url: string): void => {
    const { origin } = new URL(url);
    clearInterval(missing.get(origin));
    if (missing.delete(origin)) report(origin, true);
  };
  const look = (url: string): void => {
    const { hostname, port, protocol } = new URL(url);
    const host = hostname.replaceAll(/[[\]]/g, "");
    const socket = connect(Number(port || (protocol === "https:" ? 443 : 80)), host);
    socket.once("connect", () => answered(url));
    for (const event of ["connect", "error"]) socket.once(event, () => socket.destroy());
  };
  return {
    answered,
    missed(url) {
      const { origin } = new URL(url);
      if (missing.has(origin)) return;
      missing.set(origin, setInterval(look, LOOK_AGAIN_MS, url));
      report(origin, false);
    },
    stop() {
      for (const timer of missing.values()) clearInterval(timer);
      missing.clear();
    },
  };
}
