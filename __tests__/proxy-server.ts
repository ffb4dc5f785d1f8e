/** The common parts of test proxies. */
import type { Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import type { Duplex } from 'node:stream';

/** Answers a CONNECT: what comes after it goes there, and back. */
export function openTunnel(socket: Duplex, head: Buffer, to: { host: string | undefined; port: number }): void {
  const upstream = connect({ port: to.port, ...(to.host === undefined ? {} : { host: to.host }) }, () => {
    socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
    upstream.write(head);
    upstream.pipe(socket).pipe(upstream);
  });
  for (const end of [upstream, socket]) end.on('error', () => [upstream, socket].forEach((one) => void one.destroy()));
}

/** The address of a server on a port of its own, which is closed at the clean-up. */
export async function listenUntil(onCleanUp: (cleanUp: () => unknown) => void, server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onCleanUp(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
