/** The calls of the API document, section 2. */
export const REDIRECT_CALLS = [
  'listRedirects',
  'upsertRedirects',
  'deleteRedirects',
  'listRedirectJobs',
  'importRedirects',
  'exportRedirects',
  'importEvents',
  'exportEvents',
  'downloadExport',
] as const;

export type RedirectCall = (typeof REDIRECT_CALLS)[number];

interface Pattern {
  call: RedirectCall;
  method: string;
  path: RegExp;
}

const PATH = /^\/storefront\/redirects(\/.*)?$/;

const PATTERNS: readonly Pattern[] = [
  { call: 'listRedirects', method: 'GET', path: /^$/ },
  { call: 'upsertRedirects', method: 'PUT', path: /^$/ },
  { call: 'deleteRedirects', method: 'DELETE', path: /^$/ },
  { call: 'listRedirectJobs', method: 'GET', path: /^\/imex\/jobs$/ },
  { call: 'importRedirects', method: 'POST', path: /^\/imex\/import$/ },
  { call: 'exportRedirects', method: 'POST', path: /^\/imex\/export$/ },
  { call: 'importEvents', method: 'GET', path: /^\/imex\/import\/([^/]+)\/events$/ },
  { call: 'exportEvents', method: 'GET', path: /^\/imex\/export\/([^/]+)\/events$/ },
  { call: 'downloadExport', method: 'GET', path: /^\/imex\/export\/([^/]+)\/download$/ },
];

/** Which call of redirects a request is, by its path below `/stores/{hash}/v3`; undefined: none. */
export function matchRedirectCall(method: string, path: string): { call: RedirectCall; uuid: string } | undefined {
  const rest = PATH.exec(path);
  if (rest === null) return undefined;
  for (const pattern of PATTERNS) {
    const match = pattern.method === method ? pattern.path.exec(rest[1] ?? '') : null;
    if (match !== null) return { call: pattern.call, uuid: match[1] ?? '' };
  }
  return undefined;
}

export function isRedirectCall(call: string): call is RedirectCall {
  return REDIRECT_CALLS.some((known) => known === call);
}
