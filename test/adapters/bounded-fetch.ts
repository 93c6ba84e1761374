/** The global `fetch` with a maximum of requests at once, and so of sockets. */
export function createBoundedFetch(most: number): (request: Request) => Promise<Response> {
  const waiting: (() => void)[] = [];
  let free = most;
  return async (request) => {
    if (free === 0) await new Promise<void>((resolve) => void waiting.push(resolve));
    else free -= 1;
    try {
      return await fetch(request);
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free += 1;
    }
  };
}
