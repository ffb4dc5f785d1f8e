/** Pages of a storefront that the embedded platform serves, for the demo and the tests. */
import type { IncomingHttpHeaders } from 'node:http';
import { request } from 'node:http';
import { text } from 'node:stream/consumers';

export interface ServedPage {
  status: number;
  headers: IncomingHttpHeaders;
  rawHeaders: readonly string[];
  body: string;
}

export interface PageRequest {
  method?: string;
  headers?: Record<string, string>;
  body?: string;
}

/**
 * Asks for a page without following redirects. The host is a header: browsers and curl resolve names under `.localhost`
 * by themselves, and Node only where the system does.
 * @param address such as `http://demo-storefront.localhost:8788`
 * @throws the error of the connection
 */
export async function fetchPage(
  address: string,
  path = '/',
  { method = 'GET', headers = {}, body = '' }: PageRequest = {},
): Promise<ServedPage> {
  const { host, port } = new URL(address);
  const options = { host: '127.0.0.1', port, path, method, headers: { ...headers, Host: host }, agent: false };
  return await new Promise((resolve, reject) => {
    const asked = request(options, (answer) => {
      const { statusCode: status = 0, headers: answered, rawHeaders } = answer;
      text(answer).then((found) => resolve({ status, headers: answered, rawHeaders, body: found }), reject);
    });
    asked.on('error', reject).end(body);
  });
}
