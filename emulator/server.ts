import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createErrorAnswer } from './answers.ts';
import { Api } from './api.ts';
import { RateLimit } from './bigcommerce/rate-limit.ts';
import type { Certificate } from './certificate.ts';
import { createCertificate } from './certificate.ts';
import { answerControl, isControlPath } from './control.ts';
import type { Emulator, EmulatorOptions } from './emulator.ts';
import { handleExchange } from './exchange.ts';
import { parseFault } from './fault-parsing.ts';
import { Faults } from './faults.ts';
import { Recorder } from './recorder.ts';
import { sendAnswer } from './sending.ts';
import { Artifacts } from './services/artifacts/artifacts.ts';
import { createArtifactSource, createArtifactsEmulator } from './services/artifacts/artifacts-emulator.ts';
import { GitHub } from './services/github/github.ts';
import { createGitHubEmulator } from './services/github/github-emulator.ts';
import { Deployments } from './services/hosting/deployments.ts';
import { Projects } from './services/hosting/projects.ts';
import { WorkerLogs } from './services/hosting/worker-logs.ts';
import { Redirects } from './services/redirects/redirects.ts';
import { createRedirectsEmulator } from './services/redirects/redirects-emulator.ts';
import { Batches } from './services/sitecore/batches.ts';
import { createBatchesEmulator } from './services/sitecore/batches-emulator.ts';
import { Storage } from './services/storage/storage.ts';
import { createSettings } from './settings.ts';
import type { Settings } from './types.ts';

type Parts = ReturnType<typeof createParts>;

interface Listening {
  origin: string;
  apiHost: string;
  certificatePath: string | undefined;
  closeServer: () => Promise<void>;
}

/**
 * Starts an embedded platform: a real HTTP server that plays BigCommerce Infrastructure Hosting and the store behind its
 * signed upload URLs (API document, section 1), the store's redirects (section 2), and Sitecore CDP's Batch API (section 3), for the demo, the tests and trials
 * without a store of one's own.
 */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const settings = createSettings(options);
  const directory = await mkdtemp(join(tmpdir(), 'catalyst-emulator-'));
  const parts = createParts(settings, directory);
  for (const name of options.projects ?? ['demo-storefront']) parts.projects.add(name);
  for (const fault of options.faults ?? []) parts.faults.add(parseFault(fault));
  const control: { emulator: Emulator | undefined } = { emulator: undefined };
  try {
    const listening = await listen(settings, directory, (request, response) => {
      handleRequest(request, response, settings, parts, control.emulator).catch(() => response.destroy());
    });
    control.emulator = createEmulator(settings, parts, listening, directory);
    return control.emulator;
  } catch (error) {
    await rm(directory, { recursive: true, force: true });
    throw error;
  }
}

function createParts(settings: Settings, directory: string) {
  const recorder = new Recorder(settings.onRequestEnd);
  const projects = new Projects(settings.projectLimit);
  const storage = new Storage({ directory, signatureLifeSeconds: settings.signatureLifeSeconds });
  const deployments = new Deployments({
    stepMs: settings.stepMs,
    limits: settings.limits,
    holdAt: settings.holdDeploymentsAt,
    assignHostnames: (projectUuid) => projects.assignHostnames(projectUuid),
    onChange: settings.onDeploymentChange,
  });
  const workerLogs = new WorkerLogs();
  const redirects = new Redirects(settings);
  const api = new Api({ settings, projects, storage, deployments, workerLogs, redirects });
  return {
    recorder,
    projects,
    storage,
    deployments,
    workerLogs,
    redirects,
    api,
    github: new GitHub(settings.github),
    artifacts: new Artifacts(directory),
    batches: new Batches(settings, directory),
    settings,
    faults: new Faults(),
    rateLimit: new RateLimit(),
  };
}

async function handleRequest(
  request: IncomingMessage,
  response: ServerResponse,
  settings: Settings,
  parts: Parts,
  emulator: Emulator | undefined,
): Promise<void> {
  // A client that goes away in the midst of it is nothing out of the ordinary.
  request.on('error', () => {});
  response.on('error', () => {});
  try {
    const host = request.headers.host ?? `${settings.host}:${settings.port}`;
    const url = new URL(request.url ?? '/', `${settings.tls ? 'https' : 'http'}://${host}`);
    if (emulator !== undefined && isControlPath(url.pathname)) {
      const body = await readControlBody(request);
      await sendAnswer(answerControl(request.method ?? '', url.pathname, body, emulator), response, undefined);
    } else {
      await handleExchange(request, response, url, parts);
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    if (response.headersSent) response.destroy();
    else await sendAnswer(createErrorAnswer(500, `Fault of the emulator: ${reason}`), response, undefined);
  }
}

async function readControlBody(request: AsyncIterable<Buffer>): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  if (chunks.length === 0) return undefined;
  try {
    return JSON.parse(Buffer.concat(chunks).toString());
  } catch {
    return undefined;
  }
}

async function listen(settings: Settings, directory: string, listener: RequestListener): Promise<Listening> {
  const certificate = settings.tls ? await createCertificate(directory) : undefined;
  const server = createServer(certificate, listener);
  // A request that is held on purpose must not be ended by Node's own limits, nor an idle connection raced.
  server.requestTimeout = 0;
  server.keepAliveTimeout = 60_000;
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen(settings.port, settings.host);
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : settings.port;
  const apiHost = `${settings.host.includes(':') ? `[${settings.host}]` : settings.host}:${port}`;
  return {
    apiHost,
    origin: `${settings.tls ? 'https' : 'http'}://${apiHost}`,
    certificatePath: certificate?.path,
    closeServer: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function createServer(certificate: Certificate | undefined, listener: RequestListener): Server {
  // A URL that is too long must come this far, or Node would refuse it unseen.
  const limits = { maxHeaderSize: 65_536 };
  return certificate === undefined
    ? createHttpServer(limits, listener)
    : createHttpsServer({ ...limits, ...certificate }, listener);
}

function createEmulator(settings: Settings, parts: Parts, listening: Listening, directory: string): Emulator {
  const { recorder, projects, storage, deployments, workerLogs, faults } = parts;
  const github = createGitHubEmulator(parts.github, listening.origin);
  github.mountArtifacts(createArtifactSource(parts.artifacts));
  let closing: Promise<void> | undefined;
  const close = async () => {
    recorder.close();
    await Promise.all([
      listening.closeServer(),
      deployments.close(),
      parts.redirects.jobs.close(),
      parts.batches.courses.close(),
    ]);
    await rm(directory, { recursive: true, force: true, maxRetries: 5 });
  };
  return {
    origin: listening.origin,
    apiHost: listening.apiHost,
    certificatePath: listening.certificatePath,
    storeHash: settings.storeHash,
    accessToken: settings.accessToken,
    projects: projects.list,
    requests: recorder.requests,
    violations: recorder.violations,
    uploads: storage.uploads,
    deployments: deployments.list,
    get faults() {
      return faults.records;
    },
    github,
    redirects: createRedirectsEmulator(parts.redirects),
    batches: createBatchesEmulator(parts.batches, listening.origin),
    artifacts: createArtifactsEmulator(parts.artifacts, listening.origin),
    addFault: (fault) => faults.add(parseFault(fault)),
    clearFaults: () => faults.clear(),
    addProject: (name) => projects.add(name),
    addWorkerLog: (projectUuid, log) => workerLogs.add(projectUuid, log),
    removeUpload: (uploadUuid) => storage.remove(uploadUuid),
    holdDeployments: (...point) => deployments.holdAt(point.length === 0 ? 'deploying' : point[0]),
    releaseDeployment: (deploymentUuid) => deployments.release(deploymentUuid),
    setState: (deploymentUuid, change) => deployments.set(deploymentUuid, change),
    waitForRequest: (match, options) => recorder.waitFor(match, options),
    waitForRequestEnd: (match, options) => recorder.waitFor(match, options, (request) => request.finished),
    waitForDeployment: (matches) => deployments.waitFor(matches),
    close: () => (closing ??= close()),
  };
}
