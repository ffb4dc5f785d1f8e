// The start of the thread that uploads artifacts (src/github/artifact-worker.ts). dist/entries/ holds it as it is.
import { runArtifactWorker } from '../main.ts';

await runArtifactWorker();
