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

/*
 * What may be sent again (API document, section 3: only `upsert` sent twice gives the same as once).
 *
 * - `PUT /v2/batches/{ref}` announces a file and sends none: it may be repeated whatever the modes. Under the same ref,
 *   checksum and size it is the same batch; under the ref of another one it is refused.
 * - The file, once more to the location of the same batch: one ref has one location and comes to one verdict, so its
 *   records count once, and the same bytes take the place of the same bytes. But whether a service that has begun to read
 *   them would begin anew is not documented. So where not all records are `upsert`, a try that may have arrived is
 *   followed by a look at the status first, and only what is still `uploading` is sent again.
 * - The file under a fresh ref is another batch: where the first one did arrive, its records count twice. With `upsert`
 *   alone that does no harm. With other modes it is done only where nothing was sent under the first ref, or, for a batch
 *   of an earlier run, where the service goes on saying that it waits for the file; a try of this very run that may have
 *   arrived ends it without a verdict. In the place of a ref that was given comes one that is made of it: a run that is
 *   given the same ref once more finds that batch, too, and goes on with it.
 */

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
  /** The batch is one of an earlier run, which may have sent the file. */
  isResumed: boolean;
}

/** What the service has under a ref that the user gave, or under one that is made of it. */
async function resume(track: Track, ref: string, state: Sending, context: SendContext): Promise<Step> {
  const { phase, client } = context;
  const found = await client.find(ref);
  if (found === undefined) {
    phase.info(`The service knows no batch ${ref}: it is made.`);
    return await allocate(track, ref, state, context);
  }
  checkIsOurs(track, ref, found, context);
  state.isResumed = true;
  track.change({ ref });
  takeAnswer(track, found);
  const file = found.md5 === undefined ? '' : ', with this very file';
  phase.info(`The service has batch ${ref}${file}: ${found.status}.`);
  const successor = await findSuccessor(track, found, context);
  if (successor === undefined) return await stepFrom(track, found, state, context);
  phase.info(`An earlier run gave it up for batch ${successor}.`);
  track.giveUpRef();
  return await resume(track, successor, state, context);
}

/** Of a batch that still waits for its file: the one under which an earlier run sent that, where it may not go twice. */
async function findSuccessor(track: Track, { status }: BatchAnswer, context: SendContext): Promise<string | undefined> {
  if (status !== 'uploading' || isRepeatable(track)) return undefined;
  const next = context.createRef(refOf(track));
  return (await context.client.find(next)) === undefined ? undefined : next;
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
async function stepFrom(track: Track, found: BatchAnswer, state: Sending, context: SendContext): Promise<Step> {
  if (batchVerdictOf(found.status) !== undefined) return { kind: 'verdict', answer: found };
  if (found.status !== 'uploading') {
    track.change({ isUploaded: true });
    return { kind: 'follow', again: undefined };
  }
  if (found.location !== undefined) return { kind: 'upload', location: found.location, isFresh: false };
  return await replace(track, { why: 'The service gives no location for it any more.' }, state, context);
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
  // Most likely by an earlier try of this request, whose answer was lost; or by another run that has the same ref.
  state.isResumed = context.givenRef !== undefined;
  const found = await client.find(ref);
  if (found === undefined) {
    if (ref === context.givenRef) throw allocation.error;
    track.change({ ref });
    const refused = { why: `${allocation.error.message} Yet it gives none.`, refusal: allocation.error };
    return await allocateAnew(track, refused, state, context);
  }
  checkIsOurs(track, ref, found, context);
  track.change({ ref });
  takeAnswer(track, found);
  phase.info(`Batch ${ref}, which the service has already: ${found.status}`);
  return await stepFrom(track, found, state, context);
}

/** Why a batch is given up for another. `refusal`: undefined where nothing was tried. */
interface GivenUp {
  why: string;
  refusal?: ActionError;
}

/** Gives a batch up whose location is of no use, where that does not send its records twice. */
async function replace(track: Track, givenUp: GivenUp, state: Sending, context: SendContext): Promise<Step> {
  const { doubts, isResumed } = state;
  if (isRepeatable(track) || (doubts.length === 0 && !isResumed)) {
    return await allocateAnew(track, givenUp, state, context);
  }
  const { why, refusal = new ActionError(why) } = givenUp;
  if (doubts.length > 0)
    throw noVerdict(track, refusal, ' The file is not sent under another ref: it would count twice.');
  context.phase.info(`${why} Before the file is sent anew, the batch is looked at again: it may have arrived.`);
  const followed = await followBatch(track, { isDoubtful: true }, context);
  return followed.kind === 'verdict' ? followed : await allocateAnew(track, givenUp, state, context);
}

function isRepeatable({ record }: Track): boolean {
  return record.onceModes.length === 0;
}

async function allocateAnew(
  track: Track,
  { why, refusal }: GivenUp,
  state: Sending,
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
  const isFindable = context.givenRef !== undefined && !isRepeatable(track);
  track.giveUpRef();
  const fresh = context.createRef(isFindable ? ref : undefined);
  // Who gave it may look for it later.
  if (ref === context.givenRef) {
    context.reporter.warn(`${why} Batch ${ref} is given up, and its file goes under ${fresh}.`);
  } else {
    context.phase.info(`${why} The batch gets another ref, and a fresh location.`);
  }
  state.isResumed = false;
  return isFindable ? await resume(track, fresh, state, context) : await allocate(track, fresh, state, context);
}

async function upload(
  track: Track,
  { location, isFresh }: Step & { kind: 'upload' },
  state: Sending,
  context: SendContext,
): Promise<Step> {
  const { client, phase, reporter } = context;
  const { md5, sizeBytes, path } = track.part;
  const expiredMs = performance.now() - (location.expiresAtMs ?? Number.POSITIVE_INFINITY);
  // One that the service has just made is tried, whatever it says of its time.
  if (!isFresh && expiredMs > 0) {
    return await replace(track, { why: `Its location expired ${formatDuration(expiredMs)} ago.` }, state, context);
  }
  state.isUploading = true;
  const file = { path, md5, sizeBytes, isRepeatable: isRepeatable(track) };
  const answer = await client.upload(location, file, (sentBytes) =>
    phase.status(uploadProgressText(sentBytes, sizeBytes)),
  );
  state.isUploading = false;
  if (answer.kind === 'refused') {
    const { error } = answer;
    return await replace(track, { why: `The upload was refused: ${error.message}`, refusal: error }, state, context);
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
