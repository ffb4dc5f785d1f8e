import { carriesAny } from '../../leaks.ts';
import type { RecordedRequest } from '../../types.ts';
import { isBlobPath } from './calls.ts';

const CREDENTIAL_HEADERS = ['authorization', 'x-auth-token'];

/** Who may know what: the runner's token is for the service alone, and a signed URL is all that the store needs. */
export interface Credentials {
  /** Tokens of BigCommerce and of GitHub. */
  foreign: readonly string[];
  runtimeTokens: readonly string[];
}

/** What a request to the artifact service, or to its store, carries that it must not. */
export function findArtifactViolations(record: RecordedRequest, { foreign, runtimeTokens }: Credentials): string[] {
  if (!isBlobPath(record.path)) {
    return carriesAny(record, foreign) ? ['A foreign token was sent to the artifact service'] : [];
  }
  const headers = CREDENTIAL_HEADERS.filter((name) => record.headers[name] !== undefined);
  return [
    ...headers.map((name) => `${name} was sent to the artifact store`),
    ...(carriesAny(record, [...foreign, ...runtimeTokens]) ? ['A token was sent to the artifact store'] : []),
  ];
}
