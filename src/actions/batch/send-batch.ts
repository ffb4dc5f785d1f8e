import { batchVerdictOf } from '../../domain/batch/batch.ts';
import { ActionError } from '../../errors.ts';
import { formatBytes, formatDuration } from '../../report/format.ts';
import { uploadProgressText } from '../../report/phrases.ts';
import type { BatchAnswer, UploadLocation } from '../../sitecore-cdp/batches.ts';
import { DeadlineError } from '../deadline.ts';
import { followBatch, lateVerdict, noVerdict } from './follow-batch.ts';
import { refOf, type SendContext, type Track, takeAnswer } from './track.ts';

/** Fresh locations, each under a fresh ref, in the place of one that expired or was refused. */
const MAX_FRESH_REFS = 3;
/** Uploads of one batch of which nobody knows whether they arrived; each is several tries of the client. */
const MAX_DOUBTS = 3;

/** What is to be done next with a batch. */
type Step =
  | { kind: 'upload'; location: UploadLocation; isFresh: boolean }
  /** `again`: where the file is sent to once more, should it turn out not to have arrived. */
  | { kind: 'follow'; again: UploadLocation | undefined }
  | { kind: 'verdict'; answer: BatchAnswer };

/**
 * Brings one batch to its verdict, which may be a bad one.
 * @throws ActionError; with the outcome `unknown` where something was sent, and no verdict came
 */
export async function sendBatch(track: Track, context: SendContext): Promise<BatchAnswer> {
  const { givenRef } = context;
  const state: Sending = { doubts: [], isUploading: false };
  try {
    let step =
      givenRef === undefined
        ? await allocate(track, context.createRef(), context)
        : await resume(track, givenRef, context);
    while (step.kind !== 'verdict') {
      step =
        step.kind === 'upload' ? await upload(track, step, state, context) : await follow(track, step, state, context);
    }
    return step.answer;
  } catch (error) {
    // Whatever of it has left, only the status of the batch tells whether it was all.
    if (error instanceof DeadlineError && state.isUploading) track.change({ isUploaded: 'perhaps' });
    const isSent = track.record.isUploaded !== undefined;
    if (error instanceof DeadlineError && isSent) throw lateVerdict(track, error);
    // An earlier upload may have arrived: that a later one failed says nothing of it.
    if (error instanceof ActionError && error.outcome === 'error' && isSent) throw noVerdict(track, error);
    throw error;
  }
}

interface Sending {
  /** Why it is not known whether an upload arrived, one for each. */
  doubts: ActionError[];
  /** A request with the file is under way. */
  isUploading: boolean;
}

/** What the service has under a ref that the user gave. */
async function resume(track: Track, ref: string, context: SendContext): Promise<Step> {
  const { phase, client } = context;
  const found = await client.find(ref);
  if (found === undefined) {
    phase.info(`The service knows no batch ${ref}: it is made.`);
    return await allocate(track, ref, context);
  }
  checkIsOurs(track, ref, found, context);
  track.change({ ref });
  takeAnswer(track, found);
  const file = found.md5 === undefined ? '' : ', with this very file';
  phase.info(`The service has batch ${ref}${file}: ${found.status}.`);
  return await stepFrom(track, found, context);
}

/** @throws ActionError where the batch has another file */
function checkIsOurs(
  { part }: Track,
  ref: string,
  { md5, sizeBytes }: BatchAnswer,
  { reporter, givenRef }: SendContext,
): void {
  const isOther = (md5 ?? part.md5) !== part.md5 || (sizeBytes ?? part.sizeBytes) !== part.sizeBytes;
  if (isOther) {
    const theirs = [md5 ?? 'no MD5', sizeBytes === undefined ? 'no size' : `${sizeBytes} bytes`].join(', ');
    throw new ActionError(
      `Batch ${ref} belongs to another file: the service has ${theirs}; this one is ${part.md5}, ${part.sizeBytes} bytes.`,
      {
        title: 'The batch belongs to another file',
        fix:
          ref === givenRef
            ? 'Give the file as it was when the batch was made, or leave `batch-ref` empty for a batch of its own. Another version of this action may pack the same file otherwise. Nothing was sent.'
            : 'Run the job again; if it stays, give Sitecore support the ref of the batch.',
      },
    );
  }
  if (md5 === undefined) {
    reporter.warn(`The service does not say which file batch ${ref} has: it is taken for this one.`);
  }
}

/** A batch that is there, and ours. */
async function stepFrom(track: Track, found: BatchAnswer, context: SendContext): Promise<Step> {
  if (batchVerdictOf(found.status) !== undefined) return { kind: 'verdict', answer: found };
  if (found.status !== 'uploading') {
    track.change({ isUploaded: true });
    return { kind: 'follow', again: undefined };
  }
  if (found.location !== undefined) return { kind: 'upload', location: found.location, isFresh: false };
  return await allocateAnew(track, 'The service gives no location for it any more.', undefined, context);
}

async function allocate(track: Track, ref: string, context: SendContext): Promise<Step> {
  const { client, phase } = context;
  const { md5, sizeBytes } = track.part;
  track.change({ isStarted: true });
  const allocation = await client.allocate(ref, { md5, sizeBytes });
  if (allocation.kind === 'allocated') {
    track.change({ ref, status: 'uploading' });
    phase.info(`Batch ${ref}`);
    return { kind: 'upload', location: allocation.location, isFresh: true };
  }
  // Most likely by an earlier try of this request, whose answer was lost.
  const found = await client.find(ref);
  if (found === undefined) {
    if (ref === context.givenRef) throw allocation.error;
    track.change({ ref });
    return await allocateAnew(track, `${allocation.error.message} Yet it gives none.`, allocation.error, context);
  }
  checkIsOurs(track, ref, found, context);
  track.change({ ref });
  takeAnswer(track, found);
  phase.info(`Batch ${ref}, which the service has already: ${found.status}`);
  return await stepFrom(track, found, context);
}

/** @param refusal undefined where nothing was tried */
async function allocateAnew(
  track: Track,
  why: string,
  refusal: ActionError | undefined,
  context: SendContext,
): Promise<Step> {
  if (track.record.abandonedRefs.length >= MAX_FRESH_REFS) {
    throw new ActionError(`${why} That was so with ${MAX_FRESH_REFS} fresh locations, too.`, {
      title: refusal?.title ?? 'No location to upload to',
      fix: refusal?.fix ?? 'Run the job again; if it stays, give Sitecore support the refs of the batches.',
      cause: refusal,
    });
  }
  const ref = refOf(track);
  track.giveUpRef();
  const fresh = context.createRef();
  // Who gave it may look for it later.
  if (ref === context.givenRef) {
    context.reporter.warn(`${why} Batch ${ref} is given up, and allocated anew as ${fresh}.`);
  } else {
    context.phase.info(`${why} The batch gets another ref, and a fresh location.`);
  }
  return await allocate(track, fresh, context);
}

async function upload(
  track: Track,
  { location, isFresh }: Step & { kind: 'upload' },
  state: Sending,
  context: SendContext,
): Promise<Step> {
  const { client, phase, reporter } = context;
  const { md5, sizeBytes, path } = track.part;
  const expiredMs = Date.now() - (location.expiresAt?.getTime() ?? Date.now());
  // Of one that the service has just given, this runner's clock is no judge.
  if (!isFresh && expiredMs > 0) {
    return await allocateAnew(track, `Its location expired ${formatDuration(expiredMs)} ago.`, undefined, context);
  }
  state.isUploading = true;
  const answer = await client.upload(location, { path, md5, sizeBytes }, (sentBytes) =>
    phase.status(uploadProgressText(sentBytes, sizeBytes)),
  );
  state.isUploading = false;
  if (answer.kind === 'refused') {
    return await allocateAnew(track, `The upload was refused: ${answer.error.message}`, answer.error, context);
  }
  if (answer.kind === 'stored') {
    const { etag } = answer;
    track.change({ isUploaded: true, ...(etag === undefined ? {} : { seen: { ...track.record.seen, etag } }) });
    phase.info(`Uploaded ${formatBytes(sizeBytes)}`);
    return { kind: 'follow', again: undefined };
  }
  track.change({ isUploaded: 'perhaps' });
  state.doubts.push(answer.error);
  reporter.warn(`${answer.error.message} The file may have arrived all the same: the status of the batch tells.`);
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
  context.phase.info('The file did not arrive: it is uploaded again.');
  return { kind: 'upload', location: again, isFresh: false };
}
