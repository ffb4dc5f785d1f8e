import type { Endpoint } from './service.ts';

/** The endpoint that a request is for, with the part of its path that has a name. */
export interface MatchedEndpoint<E> {
  endpoint: E;
  param: (name: string) => string;
}

/** Finds the first row of a table that matches a request. */
export function createMatcher<E extends Endpoint>(endpoints: readonly E[]) {
  const patterns = endpoints.map((endpoint) => ({ endpoint, path: new URLPattern({ pathname: endpoint.path }) }));
  return (method: string, url: URL): MatchedEndpoint<E> | undefined => {
    for (const { endpoint, path } of patterns) {
      if (endpoint.method !== '*' && endpoint.method !== method) continue;
      const query = Object.entries(endpoint.query ?? {});
      if (!query.every(([name, value]) => (url.searchParams.get(name) ?? '') === value)) continue;
      const groups = path.exec({ pathname: url.pathname })?.pathname.groups;
      if (groups !== undefined) return { endpoint, param: (name) => groups[name] ?? '' };
    }
    return undefined;
  };
}
