import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server that is none of those an action knows, and what was sent to it. */
export interface ForeignServer {
  origin: string;
  /** Everything that arrived at a path that begins so. */
  received(path: string): readonly string[];
  close(): void;
}

export async function openForeignServer(): Promise<ForeignServer> {
  const requests: { path: string; text: string }[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const text = renderRequest(request.method, request.url, request.headers, Buffer.concat(chunks));
    requests.push({ path: request.url ?? '', text });
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  return {
    // Another name than that of the platform, 127.0.0.1: a client may look at the name alone.
    origin: `http://localhost:${(server.address() as AddressInfo).port}`,
    received: (path) => requests.filter((one) => one.path.startsWith(path)).map(({ text }) => text),
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

function renderRequest(method = '', url = '', headers: IncomingHttpHeaders, body: Buffer): string {
  return `${method} ${url}\n${JSON.stringify(headers)}\n${body.toString('latin1')}`;
}
