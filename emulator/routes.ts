import type { MatchedEndpoint } from './match-endpoint.ts';
import { createMatcher } from './match-endpoint.ts';
import type { ArtifactEndpoint } from './services/artifacts/endpoints.ts';
import { ARTIFACT_ENDPOINTS } from './services/artifacts/endpoints.ts';
import type { GitHubEndpoint } from './services/github/endpoint.ts';
import type { GitHubCall } from './services/github/endpoints.ts';
import { GITHUB_ENDPOINTS } from './services/github/endpoints.ts';
import type { RedirectCall } from './services/redirects/calls.ts';
import { matchRedirectCall } from './services/redirects/calls.ts';
import type { BatchCall } from './services/sitecore/calls.ts';
import { matchBatchCall } from './services/sitecore/calls.ts';
import { Storage } from './services/storage/storage.ts';
import type { Call } from './types.ts';

export interface Route {
  call: Call;
  storeHash: string;
  /** The uuid in the path, of a job or anything else, as it was sent. */
  uuid: string;
  /** Of a request to the embedded GitHub: its endpoint. */
  github?: MatchedEndpoint<GitHubEndpoint>;
  /** Of a request to the artifact service: its endpoint. */
  artifact?: MatchedEndpoint<ArtifactEndpoint>;
  /** Of a request about redirects: the call, once more. */
  redirect?: RedirectCall;
  /** Of a request to Sitecore CDP, or to its store: the call, once more. */
  batch?: BatchCall;
}

interface Pattern {
  call: Call;
  method: string;
  path: RegExp;
}

const API_PATH = /^\/stores\/([^/]+)\/v3(\/.*)$/;
const INFRASTRUCTURE = '/infrastructure';

/** The calls of the API document, section 1. */
const PATTERNS: readonly Pattern[] = [
  { call: 'sign', method: 'POST', path: /^\/deployments\/uploads$/ },
  { call: 'createDeployment', method: 'POST', path: /^\/deployments$/ },
  { call: 'events', method: 'GET', path: /^\/deployments\/([^/]+)\/events$/ },
  { call: 'listProjects', method: 'GET', path: /^\/projects$/ },
  { call: 'createProject', method: 'POST', path: /^\/projects$/ },
  { call: 'deleteProjects', method: 'DELETE', path: /^\/projects$/ },
  { call: 'deleteProject', method: 'DELETE', path: /^\/projects\/([^/]+)$/ },
  { call: 'logs', method: 'GET', path: /^\/logs\/([^/]+)\/tail$/ },
];

const matchArtifact = createMatcher<ArtifactEndpoint>(ARTIFACT_ENDPOINTS);
const matchGitHub = createMatcher<GitHubEndpoint & { call: GitHubCall }>(GITHUB_ENDPOINTS);

/** Which call a request is. */
export function matchRoute(method: string, url: URL): Route {
  const path = url.pathname;
  const artifact = matchArtifact(method, url);
  if (artifact !== undefined) return { call: artifact.endpoint.call, storeHash: '', uuid: '', artifact };
  const batch = matchBatchCall(method, path);
  if (batch !== undefined) return { ...batch, storeHash: '', batch: batch.call };
  const github = matchGitHub(method, url);
  if (github !== undefined) return { call: github.endpoint.call, storeHash: '', uuid: '', github };
  if (Storage.isStoragePath(path)) return { call: 'upload', storeHash: '', uuid: '' };
  const [, storeHash = '', rest = ''] = API_PATH.exec(path) ?? [];
  const redirect = matchRedirectCall(method, rest);
  if (redirect !== undefined) return { ...redirect, storeHash, redirect: redirect.call };
  const below = rest.startsWith(INFRASTRUCTURE) ? rest.slice(INFRASTRUCTURE.length) : '';
  for (const pattern of PATTERNS) {
    const match = pattern.method === method ? pattern.path.exec(below) : null;
    if (match !== null) return { call: pattern.call, storeHash, uuid: match[1] ?? '' };
  }
  return { call: 'unknown', storeHash, uuid: '' };
}
