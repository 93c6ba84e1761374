type SetImmediate = (callback: () => void) => unknown;

const refuse: SetImmediate = () => {
  throw new Error("setImmediate is not supported on this host");
};

/** Makes the host's `setImmediate` throw until this turn of the event loop ends. */
export function breakImmediate(): void {
  const host = globalThis as { setImmediate?: SetImmediate };
  const { setImmediate } = host;
  if (setImmediate === refuse) return;
  const mend = (): void => {
    if (setImmediate) host.setImmediate = setImmediate;
    else delete host.setImmediate;
  };
  if (setImmediate) setImmediate(mend);
  else setTimeout(mend, 0);
  host.setImmediate = refuse;
}
