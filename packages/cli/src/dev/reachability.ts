import { connect } from "node:net";

/** Watches whether the apps that results are sent to are reachable. */
export interface Reachability {
  /** Call it when a delivery to this URL got no connection. */
  missed(url: string): void;
  /** Call it when a delivery to this URL got a connection. */
  answered(url: string): void;
  /** Tries to connect, and reports if nothing listens at this URL. */
  check(url: string): void;
  /** Ends all attempts to connect. */
  stop(): void;
}

const LOOK_AGAIN_MS = 500;

/**
 * @param report called once when an origin becomes unreachable, and once when it is reachable
 * again.
 */
export function watchReachability(
  report: (origin: string, reachable: boolean) => void,
): Reachability {
  const missing = new Map<string, NodeJS.Timeout>();
  let stopped = false;

  const answered = (url: string): void => {
    const { origin } = new URL(url);
    clearInterval(missing.get(origin));
    if (missing.delete(origin)) report(origin, true);
  };
  const missed = (url: string): void => {
    const { origin } = new URL(url);
    if (stopped || missing.has(origin)) return;
    missing.set(origin, setInterval(check, LOOK_AGAIN_MS, url));
    report(origin, false);
  };
  const check = (url: string): void => {
    const { hostname, port, protocol } = new URL(url);
    const host = hostname.replaceAll(/[[\]]/g, "");
    const socket = connect(Number(port || (protocol === "https:" ? 443 : 80)), host);
    socket.once("connect", () => answered(url)).once("error", () => missed(url));
    for (const event of ["connect", "error"]) socket.once(event, () => socket.destroy());
  };
  return {
    answered,
    missed,
    check,
    stop() {
      stopped = true;
      for (const timer of missing.values()) clearInterval(timer);
      missing.clear();
    },
  };
}
