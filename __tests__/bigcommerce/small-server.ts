/** What a client is tested against where the embedded platform does not do it: a server of a few lines. */
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach } from '@jest/globals';
import { createHttpClient, type HttpClient } from '../../src/net/http.ts';

const cleanUps: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

/** What a client of a store's API needs to ask this server. Both are closed when the test is over. */
export interface SmallServer {
  http: HttpClient;
  apiOrigin: string;
  storeHash: string;
  accessToken: string;
}

export async function serve(listener: RequestListener): Promise<SmallServer> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const http = createHttpClient({ userAgent: 'test/1', correlationId: 'c' });
  cleanUps.push(
    () => server.close(),
    () => server.closeAllConnections(),
    () => http.close(),
  );
  const apiOrigin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { http, apiOrigin, storeHash: 'abc', accessToken: 'token' };
}
