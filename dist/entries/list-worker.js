// The start of the thread that reads long lists (src/files/redirects/list-worker.ts). dist/entries/ holds it as it is.
import { runListWorker } from '../main.js';
await runListWorker();
