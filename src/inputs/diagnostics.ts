import { choiceParser } from './parsers.ts';
import { type ReadContext, readValue } from './readers.ts';

/** When a support bundle is made. */
export type DiagnosticsInput = 'on-failure' | 'always' | 'never';

const parseDiagnostics = choiceParser(['on-failure', 'always', 'never']);

/** The default is the same as in each `action.yml`. @returns undefined if it is wrong, which is then in `problems` */
export function readDiagnostics(context: ReadContext): DiagnosticsInput | undefined {
  return readValue(context, 'diagnostics', parseDiagnostics, 'on-failure');
}
