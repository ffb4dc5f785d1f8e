import { SERVICES } from '../../emulator/services.ts';
import type { Row } from './scenario.ts';

/** Calls of the platform that no run of the matrix makes, and why. */
export const NOT_CALLED: Readonly<Record<string, string>> = {
  ...of("no action makes it; the vendor's tool does", [
    ...['listChannels', 'setCheckoutUrl', 'deleteCheckoutUrl', 'channelEligibility', 'initChannel', 'createChannel'],
    ...['createDomain', 'getDomain', 'deleteDomain', 'claimDomain', 'transferDomain'],
  ]),
  ...of('no action makes it; it belongs to the API', [
    ...['deleteProjects', 'listBatches', 'github.deleteDeployment', 'github.getComment'],
    ...['artifacts.signedUrl', 'artifacts.delete', 'artifacts.putBlob', 'artifacts.getBlobProperties'],
  ]),
  ...of('no call: a path that nothing answers', ['unknown', 'github.unknown', 'artifacts.unknown']),
  batch: 'made where the answer of `inspectBatch` lacks something; the tests of `batch-upload` have it',
  'github.deleteReaction': 'made where several projects share a comment (`comment-group`); its tests have it',
  'github.getCheckRun': 'made by the `post` step of `preview-gate`; its tests have it',
  'github.listRunArtifacts':
    "made where a deployment's own artifact is gone: in the cells of `github.getArtifact` with 404",
};

function of(reason: string, calls: readonly string[]): Record<string, string> {
  return Object.fromEntries(calls.map((call) => [call, reason]));
}

/** What is wrong with the rows: a call without one, a reason for a call that has one or that is none. */
export function findGaps(rows: readonly Row[]): string[] {
  const calls = new Set<string>(SERVICES.flatMap(({ endpoints }) => endpoints.map(({ call }) => call)));
  const reached = new Set<string>(rows.map(({ call }) => call));
  return [
    ...[...calls]
      .filter((call) => !reached.has(call) && !(call in NOT_CALLED))
      .map((call) => `The call ${call} has no row: add it to a scenario, or to NOT_CALLED with the reason.`),
    ...Object.keys(NOT_CALLED)
      .filter((call) => reached.has(call) || !calls.has(call))
      .map((call) => `${call} of NOT_CALLED has a row, or is no call of the platform.`),
  ];
}
