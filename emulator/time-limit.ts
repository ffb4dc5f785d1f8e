/**
 * Does something with a signal that is aborted after so long, or when one of the others is. The timer ends with it.
 * @param reason message of the signal's reason once the time is over
 */
export async function withTimeLimit<Result>(
  { limitMs, reason }: { limitMs: number; reason: string },
  others: readonly AbortSignal[],
  run: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(new Error(reason)), limitMs);
  try {
    return await run(AbortSignal.any([limit.signal, ...others]));
  } finally {
    clearTimeout(timer);
  }
}

/** What the promise gives, unless the signal is aborted before: then its reason is thrown. */
export async function unlessAborted<Result>(promise: Promise<Result>, signal: AbortSignal): Promise<Result> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = () => reject(signal.reason);
  // The promise is awaited in any case: what it throws later on must not go unhandled.
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
