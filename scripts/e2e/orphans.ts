/** Processes that the steps of a job have left running: GitHub's runner ends them, act does not. */
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';

const POLL_MS = 50;
/** Until they are killed. */
const GRACE_MS = 5_000;

/**
 * Ends those that have this text in their environment, and waits until they are gone. Only Linux shows environments.
 * @param text of this run alone, such as the path of its temporary folder
 */
export async function endOrphans(text: string): Promise<void> {
  const until = performance.now() + GRACE_MS;
  for (let found = findProcesses(text); found.length > 0; found = findProcesses(text)) {
    for (const pid of found) end(pid, performance.now() < until ? 'SIGTERM' : 'SIGKILL');
    await setTimeout(POLL_MS);
  }
}

/** Kills them at once, where there is no time to wait: this process is about to end itself. */
export function killOrphans(text: string): void {
  for (const pid of findProcesses(text)) end(pid, 'SIGKILL');
}

function findProcesses(text: string): number[] {
  if (process.platform !== 'linux') return [];
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.filter((pid) => readEnvironment(pid).includes(text)).map(Number);
}

/** Empty for one that is gone, or somebody else's. */
function readEnvironment(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8');
  } catch {
    return '';
  }
}

function end(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It is gone meanwhile.
  }
}
