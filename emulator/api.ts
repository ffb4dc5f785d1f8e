import type { IncomingMessage } from 'node:http';
import type { Answer } from './answers.ts';
import { createErrorAnswer } from './answers.ts';
import { refuseUnauthorized } from './bigcommerce/scopes.ts';
import type { AppliedFaults } from './faults.ts';
import type { Route } from './routes.ts';
import { answerCreateDeployment } from './services/hosting/create-deployment.ts';
import type { Deployments } from './services/hosting/deployments.ts';
import { isOver } from './services/hosting/deployments.ts';
import type { Projects } from './services/hosting/projects.ts';
import type { WorkerLogs } from './services/hosting/worker-logs.ts';
import type { ReceivedForm } from './services/redirects/import.ts';
import type { Redirects } from './services/redirects/redirects.ts';
import type { Storage } from './services/storage/storage.ts';
import { createStatesAnswer, EventStream } from './streams/event-stream.ts';
import type { Payload } from './streams/stream-words.ts';
import type { DeploymentRecord, Settings } from './types.ts';
import { isUuid } from './uuid.ts';

export interface ApiCall {
  route: Route;
  request: IncomingMessage;
  url: URL;
  body: unknown;
  /** Of a call that takes a form. */
  form: ReceivedForm;
  faults: AppliedFaults;
  /** Headers that every answer of the API carries. */
  headers: Record<string, string>;
}

export interface ApiParts {
  settings: Settings;
  projects: Projects;
  storage: Storage;
  deployments: Deployments;
  workerLogs: WorkerLogs;
  redirects: Redirects;
}

/** The calls under `/stores/{store_hash}/v3` (API document, sections 1 and 2). */
export class Api {
  readonly #parts: ApiParts;

  constructor(parts: ApiParts) {
    this.#parts = parts;
  }

  async answer(call: ApiCall): Promise<Answer> {
    const { settings, projects, storage } = this.#parts;
    const { route, url, body, faults } = call;
    if (route.storeHash === '') return createErrorAnswer(404, 'The route was not found.');
    const token = call.request.headers['x-auth-token'];
    const refusal = refuseUnauthorized(
      route.call,
      route.storeHash,
      typeof token === 'string' ? token : undefined,
      settings,
    );
    if (refusal !== undefined) return refusal;
    if (route.redirect !== undefined) {
      return await this.#parts.redirects.answer({ ...call, call: route.redirect, jobId: route.uuid });
    }
    switch (route.call) {
      case 'sign':
        return storage.answerSign(url.origin);
      case 'createDeployment':
        if (faults.answer?.effect === 'upload-gone') await this.#removeUpload(body);
        return answerCreateDeployment(body, this.#parts, faults.deployment);
      case 'events':
        return this.#answerEvents(call);
      case 'listProjects':
        return projects.answerList(url.searchParams);
      case 'createProject':
        return projects.answerCreate(body);
      case 'deleteProject':
        return projects.answerDelete(route.uuid);
      case 'deleteProjects':
        return projects.answerDeleteMany(url.searchParams);
      case 'logs':
        return this.#answerLogs(call);
      default:
        return createErrorAnswer(404, 'The route was not found.');
    }
  }

  #answerEvents({ route, faults, headers }: ApiCall): Answer {
    const { deployments, settings } = this.#parts;
    if (!isUuid(route.uuid)) return createErrorAnswer(400, ':deploymentUuid should be valid UUID.');
    const deployment = deployments.find(route.uuid);
    if (deployment === undefined) return createErrorAnswer(404, 'The deployment was not found.');
    const { sseForm: form, streamCutMs: cutMs } = settings;
    return createStatesAnswer(
      {
        render: () => renderDeployment(deployment),
        version: () => deployment.version,
        isOver: () => isOver(deployment),
        subscribe: (listener) => deployments.subscribe(deployment.deploymentUuid, listener),
      },
      { form, faults, headers, cutMs },
    );
  }

  #answerLogs({ route, faults, headers }: ApiCall): Answer {
    const { projects, settings, workerLogs } = this.#parts;
    if (!isUuid(route.uuid)) return createErrorAnswer(400, ':projectUuid should be valid UUID.');
    const project = projects.find(route.uuid);
    if (project === undefined) return createErrorAnswer(404, 'The project was not found.');
    return {
      kind: 'stream',
      open: (response) => {
        let close = () => {};
        const stream = new EventStream(response, {
          form: settings.sseForm,
          faults,
          headers,
          cutMs: settings.logCutMs,
          keepAliveMs: settings.logKeepAliveMs,
          onClose: () => close(),
        });
        const unsubscribe = workerLogs.subscribe(project.uuid, (log) => stream.send({ ...log }, log.uuid));
        const { workerLogEveryMs } = settings;
        const timer =
          workerLogEveryMs > 0 ? setInterval(() => workerLogs.add(project.uuid), workerLogEveryMs) : undefined;
        close = () => {
          unsubscribe();
          clearInterval(timer);
        };
      },
    };
  }

  async #removeUpload(body: unknown): Promise<void> {
    if (typeof body !== 'object' || body === null || !('upload_uuid' in body)) return;
    await this.#parts.storage.remove(`${body.upload_uuid}`);
  }
}

/**
 * `error` and `deployment_hostnames` are left out where there is none: the description allows null for the former, but
 * the vendor's own tool refuses it (API document, section 1, "Event stream").
 */
function renderDeployment(deployment: DeploymentRecord): Payload {
  const { step, progress, errorCode } = deployment;
  const deploymentHostnames = deployment.status === 'failed' ? [] : deployment.deploymentHostnames;
  return {
    deployment_uuid: deployment.deploymentUuid,
    deployment_status: deployment.status,
    event: step === undefined ? null : { step, progress },
    ...(errorCode !== undefined && { error: { code: errorCode } }),
    deployment_url: deploymentHostnames[0] ?? null,
    ...(deploymentHostnames.length > 0 && { deployment_hostnames: deploymentHostnames }),
  };
}
