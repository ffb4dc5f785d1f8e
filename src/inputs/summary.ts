import { choiceParser } from './parsers.ts';
import { type ReadContext, readText, readValue } from './readers.ts';
import type { InputSource } from './source.ts';

/** How much the step summary shows. `short`: without what is folded. `off`: there is none. */
export type SummaryInput = 'full' | 'short' | 'off';

const NAME = 'summary';
const DEFAULT: SummaryInput = 'full';
const parseSummary = choiceParser(['full', 'short', 'off']);

/**
 * Puts a wrong value into the list of problems: each action calls this among its readers. The run reads the value itself
 * when it begins (`summaryOf`), since the summary of wrong inputs depends on it, too.
 */
export function checkSummary(context: ReadContext): void {
  readValue(context, NAME, parseSummary, DEFAULT);
}

/** A wrong value is as good as none here: the summary that says what is wrong is shown in full. */
export function summaryOf(source: Pick<InputSource, 'input'>): SummaryInput {
  const parsed = parseSummary(readText(source, NAME));
  return parsed.ok ? parsed.value : DEFAULT;
}
