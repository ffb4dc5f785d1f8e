import { randomBytes, randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Answer, BodyAnswer } from '../../answers.ts';
import { drain, readJsonBody } from '../../request-body.ts';
import { createFaultAnswer } from '../../sending.ts';
import { createBlobStatus } from './blob-answers.ts';
import { BlobStore } from './blob-store.ts';
import { isBlobPath } from './calls.ts';
import type { ArtifactExchange } from './exchange.ts';
import type { ArtifactRecord, WorkflowRun } from './records.ts';
import type { BackendIds } from './runtime-token.ts';
import { createRuntimeToken, readRuntimeToken } from './runtime-token.ts';
import type { ServiceState } from './service.ts';
import { answerService, createDownloadUrl } from './service.ts';
import { createTwirpError, createTwirpStatus } from './twirp.ts';

const URL_LIFE_SECONDS = 60 * 60;
const FIRST_RUN_ID = 17_301_540_021;

/** The artifact service of GitHub Actions, with the blob store behind its signed URLs. */
export class Artifacts {
  readonly #key = randomBytes(32);
  readonly #state: ServiceState;
  readonly #tokens: string[] = [];
  // As large as the real ones are by now; nobody can foretell the next one.
  #lastId = 3_100_000_000;

  /** @param directory where blobs are kept */
  constructor(directory: string) {
    this.#state = {
      artifacts: [],
      runs: [],
      store: new BlobStore(directory),
      isQuotaExhausted: false,
      urlLifeSeconds: URL_LIFE_SECONDS,
      createId: () => {
        this.#lastId += 1 + Math.floor(Math.random() * 1000);
        return this.#lastId;
      },
    };
  }

  get list(): readonly ArtifactRecord[] {
    return this.#state.artifacts;
  }

  /** All that were given out. */
  get runtimeTokens(): readonly string[] {
    return this.#tokens;
  }

  /** One more run; the runtime token is that of its first job. Throws for a number that is taken. */
  addRun(run: Partial<Omit<WorkflowRun, 'runBackendId'>> = {}): WorkflowRun & { runtimeToken: string } {
    const { runs } = this.#state;
    const runId = run.runId ?? FIRST_RUN_ID + runs.length;
    if (runs.some((other) => other.runId === runId)) throw new Error(`There is a run ${runId} already.`);
    const added: WorkflowRun = { ...run, runId, runBackendId: randomUUID() };
    runs.push(added);
    return { ...added, runtimeToken: this.createToken(runId) };
  }

  /** A token of one more job of a run. Throws for a run that is not there. */
  createToken(runId: number, lifeSeconds?: number): string {
    const { runBackendId } = this.#findRun(runId);
    const token = createRuntimeToken(this.#key, { runBackendId, jobBackendId: randomUUID() }, lifeSeconds);
    this.#tokens.push(token);
    return token;
  }

  setQuotaExhausted(isExhausted: boolean): void {
    this.#state.isQuotaExhausted = isExhausted;
  }

  /** Of the URLs that are signed from now on; below 0, they are expired from the start. */
  setUrlLife(seconds: number): void {
    this.#state.urlLifeSeconds = seconds;
  }

  find(artifactId: number): ArtifactRecord | undefined {
    return this.list.find(({ id, finalized }) => finalized && id === artifactId);
  }

  findRun(runId: number): WorkflowRun | undefined {
    return this.#state.runs.find((run) => run.runId === runId);
  }

  /** Where an artifact's content can be read without a token; throws where there is no such artifact. */
  createDownloadUrl(artifactId: number, origin: string): string {
    const artifact = this.find(artifactId);
    if (artifact === undefined) throw new Error(`There is no artifact ${artifactId}.`);
    return createDownloadUrl(artifact, origin, this.#state);
  }

  async answer(exchange: ArtifactExchange): Promise<Answer> {
    const { call, request, url, chunks, record, fault } = exchange;
    const isBlob = isBlobPath(url.pathname);
    const faultAnswer = createArtifactFaultAnswer(exchange, isBlob);
    if (faultAnswer !== undefined) {
      await drain(chunks);
      return faultAnswer;
    }
    if (isBlob) return this.#state.store.answer(exchange);
    const reading = await readJsonBody(chunks, record);
    // A request that gets no answer does no work either.
    if (fault?.effect === 'hang') return createTwirpError('internal', 'this is not sent');
    if (reading === 'invalid') return createTwirpError('malformed', 'the json request could not be decoded');
    return answerService(call, record.body, url.origin, this.#identify(request), this.#state);
  }

  #identify({ headers }: IncomingMessage): BackendIds | undefined {
    const token = /^Bearer (\S+)$/i.exec(headers.authorization ?? '')?.[1];
    return token === undefined ? undefined : readRuntimeToken(this.#key, token);
  }

  #findRun(runId: number): WorkflowRun {
    const run = this.findRun(runId);
    if (run === undefined) throw new Error(`There is no run ${runId}.`);
    return run;
  }
}

/** What a fault gives in place of the work, in the form of the side that it hits. */
function createArtifactFaultAnswer({ request, fault }: ArtifactExchange, isBlob: boolean): BodyAnswer | undefined {
  if (isBlob && fault?.effect === 'hang') return createBlobStatus(request, 500);
  if (fault?.effect !== 'status' || fault.body !== undefined || fault.xml !== undefined) {
    return createFaultAnswer(fault, isBlob ? 'storage' : 'platform');
  }
  const answer = isBlob ? createBlobStatus(request, fault.status) : createTwirpStatus(fault.status);
  return { ...answer, headers: { ...answer.headers, ...fault.headers } };
}
