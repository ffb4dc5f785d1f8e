const WINDOW_MS = 30_000;
const QUOTA = 150;

/** Headers that show a client what remains of its quota (API document, section 1, "Errors"). The quota is not enforced. */
export class RateLimit {
  #windowEndsAtMs = 0;
  #left = QUOTA;

  count(): Record<string, string> {
    const now = Date.now();
    if (now >= this.#windowEndsAtMs) {
      this.#windowEndsAtMs = now + WINDOW_MS;
      this.#left = QUOTA;
    }
    this.#left = Math.max(this.#left - 1, 0);
    return {
      'x-rate-limit-time-window-ms': `${WINDOW_MS}`,
      'x-rate-limit-time-reset-ms': `${this.#windowEndsAtMs - now}`,
      'x-rate-limit-requests-quota': `${QUOTA}`,
      'x-rate-limit-requests-left': `${this.#left}`,
    };
  }
}
