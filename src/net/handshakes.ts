import { setDefaultAutoSelectFamilyAttemptTimeout } from 'node:net';

/**
 * For each address of a host, one after the other. Node's own 250 ms are less than many a handshake takes: if a host
 * has addresses of both families and the runner has no IPv6, the one address that works is given up before it can
 * answer. A handful of addresses still fits into the time for a connection.
 */
const ATTEMPT_MS = 2500;

/** Call before the first connection of a process, and of a thread; it applies to all of them, of any client. */
export function allowSlowHandshakes(): void {
  setDefaultAutoSelectFamilyAttemptTimeout(ATTEMPT_MS);
}
