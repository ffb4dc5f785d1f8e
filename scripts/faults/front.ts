import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** An answer that is on its way when the front is shut still arrives. */
const FLUSH_MS = 50;

/** A door before the platform that can be shut: whoever connects then is refused, as where no program listens. */
export interface Front {
  /** `http://127.0.0.1:PORT` */
  origin: string;
  /** Takes no more connections and no more requests, and ends all connections. */
  shut(): void;
  close(): void;
}

/** Passes bytes on to the platform, which sees the front's address as its own. */
export async function openFront(platformOrigin: string): Promise<Front> {
  const target = new URL(platformOrigin);
  const pairs = new Set<{ client: Socket; platform: Socket }>();
  const server = createServer({ noDelay: true }, (client) => {
    const platform = connect({ host: target.hostname, port: Number(target.port), noDelay: true });
    const pair = { client, platform };
    pairs.add(pair);
    for (const socket of [client, platform]) {
      socket.on('error', () => socket.destroy());
      socket.once('close', () => {
        pairs.delete(pair);
        for (const one of [client, platform]) one.destroy();
      });
    }
    client.pipe(platform).pipe(client);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endAll = () => {
    for (const { client } of pairs) client.end(() => client.destroy());
  };
  const destroyAll = () => {
    for (const { client } of pairs) client.destroy();
  };
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    shut: () => {
      server.close();
      for (const { client, platform } of pairs) client.unpipe(platform);
      // Twice: what has arrived at a busy process is read between two timers.
      setTimeout(() => setTimeout(endAll, FLUSH_MS), FLUSH_MS);
    },
    close: () => {
      server.close();
      destroyAll();
    },
  };
}
