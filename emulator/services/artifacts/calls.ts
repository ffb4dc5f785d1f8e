/** Which call of the artifact service, or of the blob store behind it, a request was. `artifacts.unknown`: no such call. */
export const ARTIFACT_CALLS = [
  'artifacts.create',
  'artifacts.finalize',
  'artifacts.list',
  'artifacts.signedUrl',
  'artifacts.delete',
  'artifacts.putBlock',
  'artifacts.putBlockList',
  'artifacts.putBlob',
  'artifacts.getBlob',
  'artifacts.getBlobProperties',
  'artifacts.unknown',
] as const;

export type ArtifactCall = (typeof ARTIFACT_CALLS)[number];

/** The account's name comes first in the path where the host is an IP address: Azure's clients know that form. */
export const BLOB_ACCOUNT = 'productionresultsemulator';

const TWIRP_PATH = '/twirp/github.actions.results.api.v1.ArtifactService/';
const BLOB_PATH = `/${BLOB_ACCOUNT}/`;

/** Twirp has one path for each method, and all are POST (`@actions/artifact`, generated/results/api/v1). */
const TWIRP_METHODS: Readonly<Record<string, ArtifactCall>> = {
  CreateArtifact: 'artifacts.create',
  FinalizeArtifact: 'artifacts.finalize',
  ListArtifacts: 'artifacts.list',
  GetSignedArtifactURL: 'artifacts.signedUrl',
  DeleteArtifact: 'artifacts.delete',
};

/** By method and `comp` (Azure's documentation, "Blob service REST API", operations on blobs). */
const BLOB_OPERATIONS: Readonly<Record<string, ArtifactCall>> = {
  'PUT block': 'artifacts.putBlock',
  'PUT blocklist': 'artifacts.putBlockList',
  'PUT ': 'artifacts.putBlob',
  'GET ': 'artifacts.getBlob',
  'HEAD ': 'artifacts.getBlobProperties',
};

/** Undefined where the request is none of the artifact service's business. */
export function matchArtifactCall(method: string, url: URL): ArtifactCall | undefined {
  const path = url.pathname;
  if (path.startsWith('/twirp/')) {
    const name = path.startsWith(TWIRP_PATH) ? path.slice(TWIRP_PATH.length) : '';
    return (method === 'POST' ? find(TWIRP_METHODS, name) : undefined) ?? 'artifacts.unknown';
  }
  if (!path.startsWith(BLOB_PATH)) return undefined;
  return find(BLOB_OPERATIONS, `${method} ${url.searchParams.get('comp') ?? ''}`) ?? 'artifacts.unknown';
}

export function isArtifactCall(call: string): call is ArtifactCall {
  return call.startsWith('artifacts.');
}

/** Whether a request goes to the blob store, which no token may ever reach. */
export function isBlobPath(path: string): boolean {
  return path.startsWith(BLOB_PATH);
}

function find(calls: Readonly<Record<string, ArtifactCall>>, name: string): ArtifactCall | undefined {
  return Object.hasOwn(calls, name) ? calls[name] : undefined;
}
