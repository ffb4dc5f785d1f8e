/**
 * `npm run load [-- <part>…] [--short] [--seed N] [--save]`: the actions under load, against the embedded platform, which
 * runs in this process. `deployments`: many, in sequence and at once, with faults. `events`: an hour of them, in compressed
 * time. `history`: a repository and a store with much in them. Fails when an outcome is wrong or a figure is over its limit.
 */
import { UsageError } from '../../emulator/usage-error.ts';
import { type Finding, goalRows, judge, renderText } from '../bench/results.ts';
import { type LoadArguments, PARTS, type Part, parseLoadArguments } from './arguments.ts';
import { type LoadContext, LoadStopped, type PartRunner } from './context.ts';
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
  const context: LoadContext = {
    isShort,
    seed,
    signal: createStop(boundMinutes),
    say: (text) => console.log(`  ${text}`),
  };
  let isBad = false;
  for (const part of parts) {
    const startMs = performance.now();
    const { findings, problems } = await RUNNERS[part](context).catch((error: unknown) => {
      // What was waited for may say so in its own words.
      context.signal.throwIfAborted();
      throw error;
    });
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

/** Runs are killed and files removed before the process ends: by itself, as nothing else keeps it. */
function createStop(boundMinutes: number): AbortSignal {
  const stop = new AbortController();
  const end = (message: string) => stop.abort(new LoadStopped(message));
  setTimeout(() => end(`It took more than ${boundMinutes} minutes.`), boundMinutes * 60_000).unref();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => end(`Stopped by ${name}.`));
  return stop.signal;
}

function isOver(finding: Finding): boolean {
  return judge(finding) === 'not met';
}

try {
  process.exitCode = await load(parseLoadArguments(process.argv.slice(2)));
} catch (error) {
  const isUsage = error instanceof UsageError;
  if (isUsage) {
    console.error(`${error.message}\nUsage: npm run load -- [${PARTS.join('|')}]… [--short] [--seed N] [--save]`);
  } else console.error(error instanceof LoadStopped ? error.message : error);
  process.exitCode = isUsage ? 2 : 1;
}
