import { parentPort, workerData } from 'node:worker_threads';
import type { ListJob } from './list-message.ts';
import { parseList } from './parse-list.ts';

/** Runs in the thread that reads a long list; read-list.ts starts it, and may end it at any time. */
export function runListWorker(): void {
  if (parentPort === null) throw new Error('This file is the start of a thread, and not of a process.');
  parentPort.postMessage(parseList(workerData as ListJob));
}
