/**
 * Checks whether each expression is linear: `["/a+/g", …]` on stdin, as many verdicts on stdout. A separate process,
 * since the checker takes ten times as long within jest. It is recheck, built for JavaScript alone, which makes an
 * automaton of each expression: a proof, not a guess.
 */
import { createRequire } from 'node:module';
import { text } from 'node:stream/consumers';

/** For one expression; the slowest takes 10 s on an idle processor, and the machine may be busy. */
const TIMEOUT_MS = 120_000;
const { checkSync } = createRequire(import.meta.url)('recheck/lib/browser.js') as typeof import('recheck');

function judge(expression: string): string {
  const [, source = '', flags = ''] = /^\/(.*)\/([a-z]*)$/s.exec(expression) ?? [];
  const result = checkSync(source, flags, { checker: 'automaton', timeout: TIMEOUT_MS });
  if (result.status === 'safe') return 'linear';
  return result.status === 'unknown' ? `not proven (${result.error.kind})` : result.complexity.summary;
}

const expressions: string[] = JSON.parse(await text(process.stdin));
process.stdout.write(JSON.stringify(expressions.map(judge)));
