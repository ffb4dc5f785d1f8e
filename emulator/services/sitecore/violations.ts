import { carriesAny } from '../../leaks.ts';
import type { RecordedRequest } from '../../types.ts';
import { isStoreCall } from './calls.ts';

export interface BatchCredentials {
  /** Those of the Batch API. */
  own: readonly string[];
  /** Tokens of BigCommerce and of GitHub. */
  foreign: readonly string[];
}

/** What a request to the Batch API, or to its store, carries that it must not. */
export function findBatchViolations(record: RecordedRequest, { own, foreign }: BatchCredentials): string[] {
  if (!isStoreCall(record.call)) return carriesAny(record, foreign) ? ['A foreign token was sent to Sitecore CDP'] : [];
  return [
    ...(record.headers['authorization'] === undefined ? [] : ['Authorization was sent to the store of Sitecore CDP']),
    ...(carriesAny(record, own) ? ['The credentials of Sitecore CDP were sent to its store'] : []),
    ...(carriesAny(record, foreign) ? ['A foreign token was sent to the store of Sitecore CDP'] : []),
  ];
}
