import { pause } from '../pause.ts';
import { ArtifactError } from './artifact-failure.ts';

/** @typeParam T the artifact, once it is there */
export interface ArtifactAttempts<T extends object> {
  /** Names of failed tries, of this upload or an earlier one. */
  begun: ReadonlySet<string>;
  /** No other step has the same bytes: what has them under a name that is taken is this one. */
  isUnique?: boolean;
  /** One upload. @throws ArtifactError */
  send(name: string): Promise<T>;
  /** What this run has under a name: the zip, another one, or nothing finished. @throws ArtifactError */
  find(name: string): Promise<T | 'none' | 'other'>;
  isTimeLeft(): boolean;
}

/** Two for a transient fault, one for a name that a failed try left behind; the others are spare. */
const MAX_TRIES = 5;
const PAUSE_MS = 1000;

/**
 * Uploads until the artifact exists, or another try would be pointless.
 * @throws ArtifactError of the last try that gives a reason, or the signal's reason
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
    // An earlier artifact of another step is not this one, even with the same bytes.
    if (typeof existing === 'object' && (isOwnName || !isNameTaken || attempts.isUnique === true)) return existing;
    if (!isNameTaken && (cause === undefined || !error.isTimeout)) cause = error;
    // If the name is taken but has no artifact, an unfinished try holds it: one of this process, or one of the
    // package's.
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
export function numbered(wanted: string, name: string): string {
  const base = wanted.replace(/\.zip$/, '');
  const last = name === wanted ? 1 : Number(name.slice(base.length + 1, -'.zip'.length));
  return `${base}-${last + 1}.zip`;
}
