/** What is left of an HTTP client that was closed. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { expect, test } from '@jest/globals';
import { onCleanUp } from '../clean-up.ts';
import { startHttpClient } from './http-client.ts';

test('it sends nothing more, and no connection stays open, used or not', async () => {
  const sockets: Socket[] = [];
  const server = createServer((_, response) => response.end('hello'));
  server.keepAliveTimeout = 0;
  server.on('connection', (socket) => sockets.push(socket));
  server.listen(0, '127.0.0.1');
  onCleanUp(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, 'listening');
  const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  const http = startHttpClient();
  const { signal } = new AbortController();
  const send = () => http.send({ what: 'Asking', method: 'GET', url, timeoutMs: 9000, signal });
  await send();
  const isAhead = once(server, 'connection');
  http.openAhead(url, signal);
  await isAhead;
  const ends = sockets.map(async (socket) => socket.destroyed || (await once(socket, 'close')));
  expect(ends).toHaveLength(2);
  await http.close();
  await expect(send()).rejects.toThrow('Asking');
  await Promise.all(ends);
});
