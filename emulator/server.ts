import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createErrorAnswer } from './answers.ts';
import type { Certificate } from './certificate.ts';
import { createCertificate } from './certificate.ts';
import { Control } from './control.ts';
import type { Emulator, EmulatorOptions, Platform, PlatformSettings } from './emulator.ts';
import { EndpointTable } from './endpoints.ts';
import { handleExchange } from './exchange.ts';
import { FaultQueue } from './faults/fault-queue.ts';
import { FaultParser } from './faults/parse.ts';
import { Recorder } from './recorder.ts';
import { sendAnswer } from './sending.ts';
import type { RunningService, Service } from './service.ts';
import { withDefaults } from './service.ts';
import type { ServiceMembers } from './services.ts';
import { SERVICES } from './services.ts';
import { closeServices, startServices } from './start-services.ts';

const DEFAULTS: PlatformSettings = {
  host: '127.0.0.1',
  port: 0,
  tls: false,
  stepMs: 300,
  streamCutMs: 30_000,
  sseForm: 'bare',
  keptRecords: Number.POSITIVE_INFINITY,
  onRequestEnd: undefined,
};

const ENDPOINTS = new EndpointTable<Service>(SERVICES);
const CONTROL = new Control<ServiceMembers>(SERVICES);
const FAULTS = new FaultParser(SERVICES);

interface Parts {
  settings: PlatformSettings;
  recorder: Recorder;
  faults: FaultQueue;
  /** None before the services have started. */
  running: Map<Service, RunningService>;
}

interface Listening {
  origin: string;
  apiHost: string;
  certificatePath: string | undefined;
  closeServer: () => Promise<void>;
}

/**
 * Starts an embedded platform: a real HTTP server with all services of the API document, for the demo, the tests and
 * trials without a store of one's own.
 */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const settings = withDefaults(DEFAULTS, options);
  const faults = new FaultQueue(FAULTS);
  faults.add(...(options.faults ?? []));
  const parts: Parts = { settings, recorder: new Recorder(settings), faults, running: new Map() };
  const directory = await mkdtemp(join(tmpdir(), 'catalyst-emulator-'));
  const removeFiles = () => rm(directory, { recursive: true, force: true, maxRetries: 5 });
  const target: { emulator: Emulator | undefined } = { emulator: undefined };
  try {
    const listening = await listen(settings, directory, (request, response) => {
      handleRequest(request, response, parts, target.emulator).catch(() => response.destroy());
    });
    try {
      const context = { ...settings, origin: listening.origin, directory };
      await startServices(SERVICES, context, options, parts.running);
      target.emulator = createEmulator(parts, listening, removeFiles);
      return target.emulator;
    } catch (error) {
      await listening.closeServer();
      throw error;
    }
  } catch (error) {
    await removeFiles();
    throw error;
  }
}

async function handleRequest(
  request: IncomingMessage,
  response: ServerResponse,
  parts: Parts,
  emulator: Emulator | undefined,
): Promise<void> {
  // A client that breaks off is nothing unusual.
  request.on('error', () => {});
  response.on('error', () => {});
  const { settings, recorder, faults, running } = parts;
  try {
    const host = request.headers.host ?? `${settings.host}:${settings.port}`;
    const url = new URL(request.url ?? '/', `${settings.tls ? 'https' : 'http'}://${host}`);
    if (emulator !== undefined && Control.isControlPath(url.pathname)) {
      const body = await readControlBody(request);
      const target = { ...emulator, state: () => renderState(parts), addFaults: addAll(faults) };
      await sendAnswer(CONTROL.answer(request.method ?? '', url.pathname, body, target), response, undefined);
    } else {
      await handleExchange(request, response, url, { table: ENDPOINTS, running, recorder, faults });
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    if (response.headersSent) response.destroy();
    else await sendAnswer(createErrorAnswer(500, `Fault of the emulator: ${reason}`), response, undefined);
  }
}

function addAll(faults: FaultQueue) {
  return (values: readonly unknown[]) => faults.add(...values);
}

function renderState({ faults, running }: Parts): object {
  const states = [...running.values()].map((service) => service.state?.());
  return Object.assign({ faults: faults.records }, ...states);
}

/** Undefined without a body; the text of one that is no JSON, which no route accepts. */
async function readControlBody(request: AsyncIterable<Buffer>): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  if (chunks.length === 0) return undefined;
  const text = Buffer.concat(chunks).toString();
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

async function listen(settings: PlatformSettings, directory: string, listener: RequestListener): Promise<Listening> {
  const certificate = settings.tls ? await createCertificate(directory) : undefined;
  const server = createServer(certificate, listener);
  // Node must not end a request that is held on purpose, nor close an idle connection that a client is about to use.
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
  // Node itself would reject a URL that is too long, and the services could not answer it.
  const limits = { maxHeaderSize: 65_536 };
  return certificate === undefined
    ? createHttpServer(limits, listener)
    : createHttpsServer({ ...limits, ...certificate }, listener);
}

function createEmulator({ recorder, faults, running }: Parts, listening: Listening, removeFiles: () => Promise<void>) {
  const { closeServer, ...addresses } = listening;
  let closing: Promise<void> | undefined;
  const close = async () => {
    recorder.close();
    await Promise.all([closeServer(), closeServices(running)]);
    await removeFiles();
  };
  const platform: Platform = {
    ...addresses,
    requests: recorder.requests,
    violations: recorder.violations,
    get faults() {
      return faults.records;
    },
    addFault: (fault) => faults.add(fault),
    clearFaults: () => faults.clear(),
    waitForRequest: (match, options) => recorder.waitFor(match, options),
    waitForRequestEnd: (match, options) => recorder.waitFor(match, options, (request) => request.finished),
    close: () => (closing ??= close()),
  };
  // The types of the members are put together from the services in the same way.
  const emulator: Emulator = Object.assign(platform, ...[...running.values()].map(({ members }) => members));
  return emulator;
}
