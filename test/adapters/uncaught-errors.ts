/** Records the uncaught errors of this process until it is closed. */
export function watchUncaught(): { seen(): readonly string[]; close(): void } {
  const seen: string[] = [];
  const note = (thrown: unknown): void => void seen.push(String(thrown));
  process.on("unhandledRejection", note);
  process.on("uncaughtExceptionMonitor", note);
  return {
    seen: () => seen,
    close() {
      process.off("unhandledRejection", note);
      process.off("uncaughtExceptionMonitor", note);
    },
  };
}
