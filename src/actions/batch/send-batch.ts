import { batchVerdictOf } from '../../domain/batch/batch.ts';
import { ActionError } from '../../errors.ts';
import { formatBytes, formatDuration } from '../../report/format.ts';
import { uploadProgressText } from '../../report/phrases.ts';
import type { BatchAnswer, UploadLocation } from '../../sitecore-cdp/batches.ts';
import { DeadlineError } from '../deadline.ts';
import { followBatch, lateVerdict, noVerdict } from './follow-batch.ts';
import { applyAnswer, refOf, type SendContext, type Track } from './track.ts';

/** New locations, each with a new ref, to replace one that expired or was rejected. */
const MAX_FRESH_REFS = 3;
/** Uploads of one batch that may or may not have arrived; each is several attempts of the client. */
const MAX_DOUBTS = 3;

/*
 * What may be sent again (API document, section 3: only sending an `upsert` twice has the same effect as sending it once).
 *
 * - `PUT /v2/batches/{ref}` announces a file without sending it: it may be repeated whatever the modes. With the same ref,
 *   checksum and size it is the same batch; with the ref of another batch it is rejected.
 * - The file to the location of the same batch: one ref has one location and one verdict, so its records count once, and
 *   identical bytes replace identical bytes. But whether a service that has begun to read them would start again is not
 *   documented. So unless all records are `upsert`, an attempt that may have arrived is followed by a status request, and
 *   the file is sent again only while the batch is still `uploading`.
 * - The file with a new ref is another batch: if the first one did arrive, its records count twice. With `upsert` alone
 *   that does no harm. With other modes it is done only if nothing was sent with the first ref or, for a batch of an
 *   earlier run, if the service keeps reporting that it waits for the file; an attempt of this very run that may have
 *   arrived ends the run without a verdict. A ref that was given is replaced with one derived from it: a later run with
 *   the same input finds that batch as well, and resumes it.
 */

/** The next step for a batch. */
type Step =
  | { kind: 'upload'; location: UploadLocation; isFresh: boolean }
  /** `again`: where to send the file again if it turns out not to have arrived. */
  | { kind: 'follow'; again: UploadLocation | undefined }
  | { kind: 'verdict'; answer: BatchAnswer };

/**
 * Sends one batch and follows it to its verdict, good or bad.
 * @throws ActionError; with the outcome `unknown` if something was sent and there is no verdict
 */
export async function sendBatch(track: Track, context: SendContext): Promise<BatchAnswer> {
  const { givenRef } = context;
  const state: Sending = { doubts: [], isUploading: false, isResumed: false };
  try {
    let step =
      givenRef === undefined
        ? await allocate(track, context.createRef(), state, context)
        : await resume(track, givenRef, state, context);
    while (step.kind !== 'verdict') {
      step =
        step.kind === 'upload' ? await upload(track, step, state, context) : await follow(track, step, state, context);
    }
    return step.answer;
  } catch (error) {
    // Only the status of the batch can show whether all of the file was sent.
    if (error instanceof DeadlineError && state.isUploading) track.change({ isUploaded: 'perhaps' });
    const isSent = track.record.isUploaded !== undefined;
    if (error instanceof DeadlineError && isSent) throw lateVerdict(track, error);
    // An earlier upload may have arrived, even though a later one failed.
    if (error instanceof ActionError && error.outcome === 'error' && isSent) throw noVerdict(track, error);
    throw error;
  }
}

interface Sending {
  /** The errors of uploads that may have arrived. */
  doubts: ActionError[];
  /** The file is being uploaded. */
  isUploading: boolean;
  /** The batch is from an earlier run, which may have sent the file. */
  isResumed: boolean;
}

/** Continues with the batch that the service has for a given ref, or for one derived from it. */
async function resume(track: Track, ref: string, state: Sending, context: SendContext): Promise<Step> {
  const { phase, client } = context;
  const found = await client.find(ref);
  if (found === undefined) {
    phase.info(`The service has no batch ${ref} yet: creating it.`);
    return await allocate(track, ref, state, context);
  }
  checkIsOurs(track, ref, found, context);
  state.isResumed = true;
  track.change({ ref });
  applyAnswer(track, found);
  const file = found.md5 === undefined ? '' : ' for this file';
  phase.info(`The service already has batch ${ref}${file}: ${found.status}.`);
  const successor = await findSuccessor(track, found, context);
  if (successor === undefined) return await stepFrom(track, found, state, context);
  phase.info(`An earlier run replaced it with batch ${successor}.`);
  track.abandonRef();
  return await resume(track, successor, state, context);
}

/** For a batch that still waits for its file: the batch as which an earlier run sent it, if it may not be sent twice. */
async function findSuccessor(track: Track, { status }: BatchAnswer, context: SendContext): Promise<string | undefined> {
  if (status !== 'uploading' || isRepeatable(track)) return undefined;
  const next = context.createRef(refOf(track));
  return (await context.client.find(next)) === undefined ? undefined : next;
}

/** @throws ActionError if the batch belongs to another file */
function checkIsOurs(
  { part }: Track,
  ref: string,
  { md5, sizeBytes }: BatchAnswer,
  { run, givenRef }: SendContext,
): void {
  const isOther = (md5 ?? part.md5) !== part.md5 || (sizeBytes ?? part.sizeBytes) !== part.sizeBytes;
  if (isOther) {
    const theirs = [md5 ?? 'no MD5', sizeBytes === undefined ? 'no size' : `${sizeBytes} bytes`].join(', ');
    throw new ActionError(
      `Batch ${ref} belongs to another file: the service has ${theirs}; this one is ${part.md5}, ${part.sizeBytes} bytes.`,
      {
        topic: 'batch-not-uploaded',
        title: 'The batch belongs to another file',
        fix:
          ref === givenRef
            ? 'Provide the file as it was when the batch was created, or leave `batch-ref` empty to create a new batch. Another version of this action may pack the same file differently. Nothing was sent.'
            : 'Run the job again. If the problem persists, give Sitecore support the ref of the batch.',
      },
    );
  }
  if (md5 === undefined) {
    run.warn(
      `The service does not say which file batch ${ref} has: assuming that it is this one.`,
      'Not known which file the batch has',
    );
  }
}

/** The next step for a batch that exists and belongs to this file. */
async function stepFrom(track: Track, found: BatchAnswer, state: Sending, context: SendContext): Promise<Step> {
  if (batchVerdictOf(found.status) !== undefined) return { kind: 'verdict', answer: found };
  if (found.status !== 'uploading') {
    track.change({ isUploaded: true });
    return { kind: 'follow', again: undefined };
  }
  if (found.location !== undefined) return { kind: 'upload', location: found.location, isFresh: false };
  return await replace(track, { why: 'The service no longer gives an upload location for it.' }, state, context);
}

async function allocate(track: Track, ref: string, state: Sending, context: SendContext): Promise<Step> {
  const { client, phase } = context;
  const { md5, sizeBytes } = track.part;
  track.change({ isStarted: true });
  const allocation = await client.allocate(ref, { md5, sizeBytes });
  if (allocation.kind === 'allocated') {
    track.change({ ref, status: 'uploading' });
    phase.info(`Batch ${ref}`);
    return { kind: 'upload', location: allocation.location, isFresh: true };
  }
  // Most likely created by an earlier attempt of this request whose response was lost, or by another run with the same ref.
  state.isResumed = context.givenRef !== undefined;
  const found = await client.find(ref);
  if (found === undefined) {
    if (ref === context.givenRef) throw allocation.error;
    track.change({ ref });
    const why = `${allocation.error.message} But it does not return that batch.`;
    return await allocateNew(track, { why, cause: allocation.error }, state, context);
  }
  checkIsOurs(track, ref, found, context);
  track.change({ ref });
  applyAnswer(track, found);
  phase.info(`Batch ${ref} already exists: ${found.status}`);
  return await stepFrom(track, found, state, context);
}

/** Why a batch is replaced with another. `cause`: undefined if nothing was tried. */
interface Replacement {
  why: string;
  cause?: ActionError;
}

/** Replaces a batch whose location cannot be used, unless its records could then count twice. */
async function replace(track: Track, replacement: Replacement, state: Sending, context: SendContext): Promise<Step> {
  const { doubts, isResumed } = state;
  if (isRepeatable(track) || (doubts.length === 0 && !isResumed)) {
    return await allocateNew(track, replacement, state, context);
  }
  const { why, cause = new ActionError(why) } = replacement;
  if (doubts.length > 0)
    throw noVerdict(track, cause, ' The file is not sent under another ref, because its records could count twice.');
  context.phase.info(`${why} Before the file is sent again, the status of the batch is checked: it may have arrived.`);
  const followed = await followBatch(track, { isDoubtful: true }, context);
  return followed.kind === 'verdict' ? followed : await allocateNew(track, replacement, state, context);
}

function isRepeatable({ record }: Track): boolean {
  return record.unrepeatableModes.length === 0;
}

async function allocateNew(
  track: Track,
  { why, cause }: Replacement,
  state: Sending,
  context: SendContext,
): Promise<Step> {
  if (track.record.abandonedRefs.length >= MAX_FRESH_REFS) {
    throw new ActionError(`${why} The same happened with ${MAX_FRESH_REFS} new locations.`, {
      topic: 'batch-not-uploaded',
      title: cause?.title ?? 'No location to upload to',
      fix: cause?.fix ?? 'Run the job again. If the problem persists, give Sitecore support the refs of the batches.',
      cause,
    });
  }
  const ref = refOf(track);
  const isDerived = context.givenRef !== undefined && !isRepeatable(track);
  track.abandonRef();
  const newRef = context.createRef(isDerived ? ref : undefined);
  // The user who gave the ref may look for it later.
  if (ref === context.givenRef) {
    context.run.warn(`${why} Batch ${ref} is abandoned, and its file is sent as batch ${newRef}.`, 'Batch abandoned');
  } else {
    context.phase.info(`${why} The batch gets a new ref and a new location.`);
  }
  state.isResumed = false;
  return isDerived ? await resume(track, newRef, state, context) : await allocate(track, newRef, state, context);
}

async function upload(
  track: Track,
  { location, isFresh }: Step & { kind: 'upload' },
  state: Sending,
  context: SendContext,
): Promise<Step> {
  const { client, phase, run } = context;
  const { md5, sizeBytes, path } = track.part;
  const expiredMs = performance.now() - (location.expiresAtMs ?? Number.POSITIVE_INFINITY);
  // A location that the service has just created is tried in any case: clocks differ.
  if (!isFresh && expiredMs > 0) {
    return await replace(
      track,
      { why: `Its upload location expired ${formatDuration(expiredMs)} ago.` },
      state,
      context,
    );
  }
  state.isUploading = true;
  const file = { path, md5, sizeBytes, isRepeatable: isRepeatable(track) };
  const answer = await client.upload(location, file, (sentBytes) =>
    phase.status(uploadProgressText(sentBytes, sizeBytes)),
  );
  state.isUploading = false;
  if (answer.kind === 'rejected') {
    const { error } = answer;
    return await replace(track, { why: `The upload was rejected: ${error.message}`, cause: error }, state, context);
  }
  if (answer.kind === 'stored') {
    const { etag } = answer;
    track.change({ isUploaded: true, ...(etag === undefined ? {} : { seen: { ...track.record.seen, etag } }) });
    phase.info(`Uploaded ${formatBytes(sizeBytes)}`);
    return { kind: 'follow', again: undefined };
  }
  track.change({ isUploaded: 'perhaps' });
  state.doubts.push(answer.error);
  run.warn(
    `${answer.error.message} The file may have arrived anyway: the status of the batch will show.`,
    'No answer to the upload',
  );
  return { kind: 'follow', again: location };
}

async function follow(
  track: Track,
  { again }: Step & { kind: 'follow' },
  { doubts }: Sending,
  context: SendContext,
): Promise<Step> {
  const followed = await followBatch(track, { isDoubtful: again !== undefined }, context);
  if (followed.kind === 'verdict') return followed;
  if (again === undefined) throw new Error('Bug: an upload that is not in doubt has arrived.');
  const last = doubts.at(-1);
  if (last !== undefined && doubts.length >= MAX_DOUBTS) throw noVerdict(track, last);
  context.phase.info('The file did not arrive: uploading it again.');
  return { kind: 'upload', location: again, isFresh: false };
}
