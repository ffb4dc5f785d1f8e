import { pause } from '../pause.ts';
import { ArtifactError } from './artifact-failure.ts';

/** @typeParam T the artifact, once it is there */
export interface ArtifactAttempts<T extends object> {
  /** Names of tries that failed, of this upload or of one before. */
  begun: ReadonlySet<string>;
  /** One upload. @throws ArtifactError */
  send(name: string): Promise<T>;
  /** What this run has under a name: the zip, another one, or nothing that is finished. @throws ArtifactError */
  find(name: string): Promise<T | 'none' | 'other'>;
  isTimeLeft(): boolean;
}

/** Two for a fault that passes, one for a name that was left behind on the way; the others are to spare. */
const MAX_TRIES = 5;
const PAUSE_MS = 1000;

/**
 * Uploads until it is there, or there is no sense in another try.
 * @throws ArtifactError of the last try that says why, or the signal's reason
 */
export async function keepTrying<T extends object>(
  wanted: string,
  attempts: ArtifactAttempts<T>,
  signal: AbortSignal,
): Promise<T> {
  let name = wanted;
  let cause: ArtifactError | undefined;
  for (let tried = 1; ; tried += 1) {
    const isOwnName = attempts.begun.has(name);
    const error = await attempts.send(name).catch(expectArtifactError);
    if (!(error instanceof ArtifactError)) return error;
    const { isNameTaken } = error;
    const existing = isNameTaken || error.mayBeThere ? await look(name, attempts, signal) : 'none';
    // An artifact that somebody else made before is not this one, even with the same bytes.
    if (typeof existing === 'object' && (isOwnName || !isNameTaken)) return existing;
    if (!isNameTaken && (cause === undefined || !error.isTimeout)) cause = error;
    // A name that is taken by nothing is held by a try that was not finished: of this process, or of the package within it.
    const isWorthwhile = isNameTaken ? existing === 'none' : error.retry === 'now';
    if (!isWorthwhile || tried === MAX_TRIES || !attempts.isTimeLeft()) throw cause ?? error;
    if (isNameTaken) name = numbered(wanted, name);
    else await pause(PAUSE_MS, signal);
  }
}

function expectArtifactError(error: unknown): ArtifactError {
  if (error instanceof ArtifactError) return error;
  throw error;
}

/** If the search fails, the artifact counts as missing: the next try learns that its name is taken. */
async function look<T extends object>(
  name: string,
  { find, isTimeLeft }: ArtifactAttempts<T>,
  signal: AbortSignal,
): Promise<T | 'none' | 'other'> {
  if (!isTimeLeft()) return 'none';
  try {
    return await find(name);
  } catch (error) {
    signal.throwIfAborted();
    expectArtifactError(error);
    return 'none';
  }
}

/** `bundle.zip`, `bundle-2.zip`, `bundle-3.zip` */
function numbered(wanted: string, name: string): string {
  const base = wanted.replace(/\.zip$/, '');
  const last = name === wanted ? 1 : Number(name.slice(base.length + 1, -'.zip'.length));
  return `${base}-${last + 1}.zip`;
}
