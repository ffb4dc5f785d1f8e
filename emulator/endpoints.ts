import type { Endpoint } from './service.ts';

/** What the table needs to know of a service. */
interface EndpointOwner {
  readonly endpoints: readonly Endpoint[];
}

interface Row<Owner> {
  service: Owner;
  endpoint: Endpoint;
  pattern: URLPattern;
}

/** Where a request goes to. */
export interface Route<Owner> {
  service: Owner;
  endpoint: Endpoint;
  /** The named parts of the path, as they were sent. */
  params: Readonly<Record<string, string | undefined>>;
}

/** All endpoints of the platform: method, path, name of the call, and the service that answers. */
export class EndpointTable<Owner extends EndpointOwner> {
  readonly #rows: readonly Row<Owner>[];

  constructor(services: readonly Owner[]) {
    this.#rows = services
      .flatMap((service) => service.endpoints.map((endpoint) => createRow(service, endpoint)))
      .sort((one, other) => generality(one.endpoint) - generality(other.endpoint));
  }

  find(method: string, url: URL): Route<Owner> {
    for (const { service, endpoint, pattern } of this.#rows) {
      if (endpoint.method !== '*' && endpoint.method !== method) continue;
      if (!hasQuery(url, endpoint.query)) continue;
      const found = pattern.exec({ pathname: url.pathname });
      if (found !== null) return { service, endpoint, params: found.pathname.groups };
    }
    throw new Error(`No service answers ${method} ${url.pathname}.`);
  }
}

function createRow<Owner>(service: Owner, endpoint: Endpoint): Row<Owner> {
  return { service, endpoint, pattern: new URLPattern({ pathname: endpoint.path }) };
}

/** What is for any method, or for any path too, is for requests that no other row matches. */
function generality({ method, path }: Endpoint): number {
  return Number(method === '*') + Number(path === '*');
}

function hasQuery({ searchParams }: URL, query: Readonly<Record<string, string>> = {}): boolean {
  return Object.entries(query).every(([name, value]) => (searchParams.get(name) ?? '') === value);
}
