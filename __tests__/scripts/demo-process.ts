/** The demo as a process, as its user starts it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { onCleanUp } from '../clean-up.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const DEMO = join(ROOT, 'scripts', 'demo.ts');

/** It is ended after the test. */
export function startDemo(...args: string[]): ChildProcess {
  const env = { ...process.env, NO_COLOR: '1' };
  const child = spawn(process.execPath, [DEMO, ...args], { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] });
  onCleanUp(() => child.kill('SIGKILL'));
  return child;
}

export async function runDemo(...args: string[]): Promise<{ code: number; text: string }> {
  const child = startDemo(...args);
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (chunk) => (text += chunk));
  const [code] = await once(child, 'close');
  return { code, text };
}
