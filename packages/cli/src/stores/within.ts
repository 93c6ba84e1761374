/**
 * The result of `work`, if it comes in time. Work that comes late continues, and nobody hears of it.
 *
 * @throws Error after `timeoutMs`.
 */
export async function within<T>(timeoutMs: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_, reject) => {
    const expire = (): void => reject(new Error(`no answer for ${timeoutMs / 1_000} s`));
    timer = setTimeout(expire, timeoutMs);
  });
  try {
    return await Promise.race([work, silence]);
  } finally {
    clearTimeout(timer);
  }
}
