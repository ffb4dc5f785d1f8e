/**
 * `npm run load [-- <part>…] [--short] [--seed N] [--save]`: the actions under load, against the embedded platform, which
 * runs in this process. `deployments`: many, in sequence and at once, with faults. `events`: an hour of them, in compressed
 * time. `history`: a repository and a store with much in them. Fails when an outcome is wrong or a figure is over its limit.
 */
import { UsageError } from '../../emulator/usage-error.ts';
import { type Finding, goalRows, judge, renderText } from '../bench/results.ts';
import { type LoadArguments, PARTS, type Part, parseLoadArguments } from './arguments.ts';
import type { LoadContext, PartRunner } from './context.ts';
import { loadDeployments } from './deployments.ts';
import { loadEvents } from './events.ts';
import { loadHistory } from './history.ts';
import { saveFigures } from './report.ts';

const RUNNERS: Readonly<Record<Part, PartRunner>> = {
  deployments: loadDeployments,
  events: loadEvents,
  history: loadHistory,
};
const BOUND_MINUTES = { short: 5, whole: 30 } as const;

/** @returns the exit code */
async function load({ parts, isShort, seed, save }: LoadArguments): Promise<number> {
  const boundMinutes = BOUND_MINUTES[isShort ? 'short' : 'whole'];
  console.log(`Load: ${parts.join(', ')}; seed ${seed}; it ends within ${boundMinutes} minutes.`);
  const signal = AbortSignal.timeout(boundMinutes * 60_000);
  const context: LoadContext = { isShort, seed, signal, say: (text) => console.log(`  ${text}`) };
  let isBad = false;
  for (const part of parts) {
    const startMs = performance.now();
    const { findings, problems } = await RUNNERS[part](context);
    console.log(
      `\n${part}: ${((performance.now() - startMs) / 1000).toFixed(0)} s\n${renderText(goalRows(findings), 1)}\n`,
    );
    for (const problem of problems) console.log(`WRONG: ${problem}`);
    isBad ||= problems.length > 0 || findings.some(isOver);
    if (save && problems.length === 0) console.log(`Written: ${saveFigures(part, findings)}`);
  }
  console.log(isBad ? 'Not all is well: see above.' : 'All outcomes are right, all figures within their limits.');
  return isBad ? 1 : 0;
}

function isOver(finding: Finding): boolean {
  return judge(finding) === 'not met';
}

try {
  process.exitCode = await load(parseLoadArguments(process.argv.slice(2)));
} catch (error) {
  const isUsage = error instanceof UsageError;
  console.error(
    isUsage ? `${error.message}\nUsage: npm run load -- [${PARTS.join('|')}]… [--short] [--seed N] [--save]` : error,
  );
  process.exitCode = isUsage ? 2 : 1;
}
