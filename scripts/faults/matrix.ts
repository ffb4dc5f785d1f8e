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
const WITHOUT_BODY: readonly Call[] = [
  ...(['upload', 'uploadBatch', 'deleteProject', 'deleteRedirects', 'upsertRedirects'] as const),
  ...(['artifacts.putBlock', 'artifacts.putBlockList', 'github.deleteComment', 'github.createReaction'] as const),
];
/** Those whose body is no JSON. */
const NO_JSON: readonly Call[] = [
  ...STREAM_CALLS,
  'downloadExport',
  'batchLog',
  'artifacts.getBlob',
  'github.downloadArtifact',
];

/** Why a cell is no test; undefined for one that is. */
export function noTestReason({ call }: Row, column: Column): string | undefined {
  const isStream = STREAM_CALLS.includes(call);
  if (STREAM_COLUMNS.includes(column)) return isStream ? undefined : 'The call opens no event stream.';
  const { fault } = column;
  if (fault.kind !== 'unreadable') return undefined;
  if (WITHOUT_BODY.includes(call) && ['truncated', 'wrong-types', 'empty'].includes(fault.how))
    return 'The answer has no body that is read.';
  if (NO_JSON.includes(call) && ['wrong-types', 'null', 'array'].includes(fault.how)) return 'The answer is no JSON.';
  return undefined;
}
