import type { Call } from '../../emulator/services.ts';
import { COLUMNS, type Column, STREAM_COLUMNS } from './columns.ts';
import type { Row } from './scenario.ts';
import { rowName } from './scenario.ts';
import { SCENARIOS } from './scenarios/index.ts';

/** A cell of the matrix. */
export interface Cell {
  /** `deploy to production/upload/503 always` */
  name: string;
  row: Row;
  column: Column;
}

/** The calls that open an event stream. */
export const STREAM_CALLS: readonly Call[] = ['events', 'logs', 'importEvents', 'exportEvents'];

export const ROWS: readonly Row[] = SCENARIOS.flatMap((scenario) =>
  Object.entries(scenario.calls).map(([call, rule]) => ({ scenario, call: call as Call, rule })),
);

/** Those that make sense; why the others do not is in `noTestReason`. */
export function createCells(): Cell[] {
  return ROWS.flatMap((row) =>
    COLUMNS.filter((column) => noTestReason(row, column) === undefined).map((column) => ({
      name: `${rowName(row)}/${column.name}`,
      row,
      column,
    })),
  );
}

/** Calls whose answer to a success has no body that a client reads. */
const UNREAD: readonly Call[] = [
  ...(['upload', 'uploadBatch', 'deleteProject', 'deleteRedirects'] as const),
  ...(['artifacts.putBlock', 'artifacts.putBlockList', 'github.createDeploymentStatus'] as const),
  ...(['github.deleteComment', 'github.createReaction', 'github.updateCheckRun'] as const),
];
/** Those whose answer has none at all: it cannot break off in it. */
const EMPTY: readonly Call[] = [
  ...(['upload', 'uploadBatch', 'deleteProject', 'deleteRedirects', 'github.deleteComment'] as const),
  ...(['artifacts.putBlock', 'artifacts.putBlockList', 'github.downloadArtifact'] as const),
];
/** Those whose body is no JSON. */
const NO_JSON: readonly Call[] = [
  ...STREAM_CALLS,
  ...(['downloadExport', 'batchLog', 'artifacts.getBlob', 'github.downloadArtifact'] as const),
];

/** Why a cell is no test; undefined for one that is. */
export function noTestReason(row: Row, column: Column): string | undefined {
  const { call } = row;
  if (column.group === UNASSIGNED && ROWS.find((one) => one.call === call) !== row) return NO_TEST.again;
  const isStream = STREAM_CALLS.includes(call);
  if (STREAM_COLUMNS.includes(column)) return isStream ? undefined : NO_TEST.noStream;
  const { fault, effect } = column;
  if (EMPTY.includes(call) && effect !== undefined && column.name.startsWith('reset in the answer'))
    return NO_TEST.empty;
  if (call === 'github.downloadArtifact' && (fault.kind === 'unreadable' || column.group === 'redirect'))
    return NO_TEST.isRedirect;
  if (call === 'artifacts.getBlob' && fault.kind === 'not-sent') return NO_TEST.otherAddress;
  if (fault.kind !== 'unreadable') return undefined;
  if (UNREAD.includes(call) && fault.how !== 'html') return NO_TEST.unread;
  if (fault.how === 'array' && /^(github|artifacts)\.list/.test(call)) return NO_TEST.emptyList;
  if (NO_JSON.includes(call) && ['wrong-types', 'null', 'array'].includes(fault.how)) return NO_TEST.noJson;
  return undefined;
}

/** Statuses without a meaning say as little to one action as to another: each call meets them once. */
const UNASSIGNED = 'unassigned';

/** Words for the document. */
export const NO_TEST = {
  again: 'statuses that no document gives a meaning, for a call that has met them in a row further up',
  noStream: 'faults of event streams, for a call that opens none',
  empty: 'an answer that breaks off in its body, for a call whose answer has none',
  unread: 'bodies that are wrong, for a call of whose answer only the status is read; a page in its place is tested',
  emptyList: 'an empty list, for a call of GitHub that lists: it is a right answer',
  noJson: 'JSON that is wrong, for an answer that is none',
  otherAddress:
    'a refused connection, for the content of an artifact: GitHub names its address with each download, and the job none that could be changed',
  isRedirect:
    'redirects and wrong bodies, for the address of an artifact: its answer is a redirect to another host, and what comes from there must have the SHA-256 of the bundle',
} as const;
