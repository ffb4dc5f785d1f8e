import { randomBytes, randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Answer } from '../../answers.ts';
import { carriesAny } from '../../leaks.ts';
import { drain, readJsonBody } from '../../request-body.ts';
import { createFaultAnswer } from '../../sending.ts';
import type { Credentials, Exchange } from '../../service.ts';
import type { ArtifactRecord, ServiceState, WorkflowRun } from './artifact-service.ts';
import { answerService, createDownloadUrl } from './artifact-service.ts';
import { createBlobStatus } from './blob-answers.ts';
import { BlobStore } from './blob-store.ts';
import type { ArtifactEndpoint } from './endpoints.ts';
import type { BackendIds } from './runtime-token.ts';
import { createRuntimeToken, readRuntimeToken } from './runtime-token.ts';
import { createTwirpError, createTwirpStatus } from './twirp.ts';

const URL_LIFE_SECONDS = 60 * 60;
const CREDENTIAL_HEADERS = ['authorization', 'x-auth-token'];
const FIRST_RUN_ID = 17_301_540_021;

/** The artifact service of GitHub Actions, with the blob store behind its signed URLs. */
export class Artifacts {
  readonly #key = randomBytes(32);
  readonly #state: ServiceState;
  readonly #tokens: string[] = [];
  // As large as the real ones are by now, and unpredictable.
  #lastId = 3_100_000_000;

  /** @param directory where blobs are stored */
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

  /** All that were issued. */
  get runtimeTokens(): readonly string[] {
    return this.#tokens;
  }

  /** One more run; the runtime token is that of its first job. Throws if the number is in use. */
  addRun(run: Partial<Omit<WorkflowRun, 'runBackendId'>> = {}): WorkflowRun & { runtimeToken: string } {
    const { runs } = this.#state;
    const runId = run.runId ?? FIRST_RUN_ID + runs.length;
    if (runs.some((other) => other.runId === runId)) throw new Error(`There is a run ${runId} already.`);
    const added: WorkflowRun = { ...run, runId, runBackendId: randomUUID() };
    runs.push(added);
    return { ...added, runtimeToken: this.createToken(runId) };
  }

  /** A token of one more job of a run. Throws if there is no such run. */
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

  /** Where an artifact's content can be read without a token; throws if there is no such artifact. */
  createDownloadUrl(artifactId: number, origin: string): string {
    const artifact = this.find(artifactId);
    if (artifact === undefined) throw new Error(`There is no artifact ${artifactId}.`);
    return createDownloadUrl(artifact, origin, this.#state);
  }

  async answer(exchange: Exchange<ArtifactEndpoint>): Promise<Answer> {
    const { endpoint, request, url, chunks, record, faults } = exchange;
    const createError = (status: number) =>
      endpoint.side === 'store' ? createBlobStatus(request, status) : createTwirpStatus(status);
    const isHanging = faults.answer?.effect === 'hang';
    const faultAnswer = createFaultAnswer(faults.answer, createError);
    if (faultAnswer !== undefined || (isHanging && endpoint.side === 'store')) {
      await drain(chunks);
      return faultAnswer ?? createError(500);
    }
    if (endpoint.side === 'store') return this.#state.store.answer(exchange, endpoint.answer);
    const reading = await readJsonBody(chunks, record);
    // A request that gets no answer does no work either.
    if (isHanging) return createError(500);
    if (reading === 'invalid') return createTwirpError('malformed', 'the json request could not be decoded');
    return answerService(endpoint.answer, record.body, url.origin, this.#identify(request), this.#state);
  }

  /** The runner's token is for the service alone, and a signed URL is all that the store needs. */
  violations({ endpoint, record }: Exchange<ArtifactEndpoint>, foreign: readonly Credentials[]): string[] {
    const foreignTokens = foreign.flatMap((credentials) => credentials.list());
    if (endpoint.side === 'service') {
      return carriesAny(record, foreignTokens) ? ['A foreign token was sent to the artifact service'] : [];
    }
    const headers = CREDENTIAL_HEADERS.filter((name) => record.headers[name] !== undefined);
    return [
      ...headers.map((name) => `${name} was sent to the artifact store`),
      ...(carriesAny(record, [...foreignTokens, ...this.#tokens]) ? ['A token was sent to the artifact store'] : []),
    ];
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
