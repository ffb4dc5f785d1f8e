/**
 * Says of each expression whether it is linear: `["/a+/g", …]` on stdin, as many verdicts on stdout. A process of its own,
 * since the checker takes ten times as long within jest. It is recheck, the build in JavaScript alone, which makes an
 * automaton of each expression: a proof and no guess.
 */
import { createRequire } from 'node:module';
import { text } from 'node:stream/consumers';

/** Of one expression; the slowest takes 10 s of a processor that it has to itself, and the time of others passes, too. */
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
