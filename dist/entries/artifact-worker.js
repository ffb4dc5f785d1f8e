// The start of the thread that uploads artifacts (src/github/artifact-worker.ts). dist/entries/ holds it as it is.
import { runArtifactWorker } from '../main.js';
// Not awaited: a thread that waits for what never comes is to end without a word on the job's log.
void runArtifactWorker();
