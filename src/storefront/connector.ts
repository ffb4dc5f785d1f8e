import type { Socket } from 'node:net';
import { buildConnector } from 'undici';
import { CONNECT_TIMEOUT_MS } from '../net/faults.ts';
import { createLookup } from './addresses.ts';

/** undici's connector for direct connections to storefronts. */
export interface PageConnector {
  connect: buildConnector.connector;
  /** Nobody waits for a connection to this origin any more: those being made are given up. */
  giveUp(origin: string): void;
  /** Gives up all that are being made; undici itself waits until they are, or time out. */
  close(): void;
}

export function createPageConnector(isLocal: boolean): PageConnector {
  const lookup = createLookup(isLocal);
  // One per origin, as in undici: a TLS session is no use for another server on the same host.
  const connectors = new Map<string, buildConnector.connector>();
  const opening = new Map<Socket, string>();
  const giveUp = (origin?: string) => {
    for (const [socket, itsOrigin] of opening) {
      // With an error, so that undici clears its timer of the connection, too.
      if (origin === undefined || origin === itsOrigin) socket.destroy(new Error('no longer needed'));
    }
  };
  return {
    connect: (options, callback) => {
      const origin = `${options.protocol}//${options.host}`;
      const connector =
        connectors.get(origin) ?? buildConnector({ timeout: CONNECT_TIMEOUT_MS, allowH2: false, lookup });
      connectors.set(origin, connector);
      const onEnd: buildConnector.Callback = (...result) => {
        opening.delete(socket);
        callback(...result);
      };
      // undici's types do not say that it returns the socket.
      const socket = connector(options, onEnd) as unknown as Socket;
      opening.set(socket, origin);
    },
    giveUp,
    close: () => giveUp(),
  };
}
