/** A Chromium without a window, driven over a pipe (Chrome DevTools Protocol): no port, no package. */
import { spawn } from 'node:child_process';
import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { Readable, Writable } from 'node:stream';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const TIMEOUT_MS = 60_000;
const FLAGS = [
  '--headless',
  '--no-sandbox', // It opens pages of our own from disk, and a container's root cannot have the sandbox.
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--allow-file-access-from-files',
  '--hide-scrollbars',
  '--remote-debugging-pipe',
];

export interface Look {
  /** Id of the element that the picture is cropped to. */
  elementId: string;
  widthPx: number;
  /** Pixels of the picture for each of the page's. */
  scale: number;
  scheme: 'light' | 'dark';
}

export interface Browser {
  /** @returns a PNG */
  takePicture(pageUrl: string, look: Look): Promise<Buffer>;
  close(): Promise<void>;
}

/** @throws Error that says what to do, when the machine has none */
export function findChromium(env: Readonly<Record<string, string | undefined>> = process.env): string {
  const named = env['CHROMIUM'];
  if (named !== undefined && named !== '') return named;
  const paths = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const candidates = NAMES.flatMap((name) => paths.map((folder) => join(folder, name)));
  const found = candidates.find(isExecutable);
  if (found !== undefined) return found;
  throw new Error(`No browser: none of ${NAMES.join(', ')} is on PATH. Install one, or name it in CHROMIUM.`);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** @throws Error when it does not start, or says nothing for a minute */
export async function startBrowser(executable: string): Promise<Browser> {
  const profile = mkdtempSync(join(tmpdir(), 'pictures-'));
  const child = spawn(executable, [...FLAGS, `--user-data-dir=${profile}`], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const broken = new Promise<never>((_, reject) => {
    child.once('error', (error) => reject(new Error(`${executable} did not start: ${error.message}`)));
    child.once('exit', (code) => reject(new Error(`${executable} ended (${code}).`)));
  });
  broken.catch(() => {}); // Heard through the race of each call, not after the last one.
  const [, , , input, output] = child.stdio as [null, null, null, Writable, Readable];
  input.on('error', () => {}); // Its end is what `broken` tells.
  const connection = createConnection(input, output, broken);
  return {
    takePicture: (pageUrl, look) => takePicture(connection, pageUrl, look),
    close: async () => {
      child.kill();
      if (child.pid !== undefined) await ended;
      rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
  };
}

type Answer = Record<string, unknown>;

interface Connection {
  call(method: string, parameters?: Answer, sessionId?: string): Promise<Answer>;
  /** The next event of that name in the session. */
  event(method: string, sessionId: string): Promise<void>;
}

function createConnection(input: Writable, output: Readable, broken: Promise<never>): Connection {
  const answers = new Map<number, PromiseWithResolvers<Answer>>();
  const events = new Map<string, PromiseWithResolvers<void>>();
  let lastId = 0;
  readMessages(output, ({ id, error, result, method, sessionId }) => {
    if (id === undefined) events.get(`${sessionId} ${method}`)?.resolve();
    else if (error === undefined) answers.get(id)?.resolve(result ?? {});
    else answers.get(id)?.reject(new Error(`The browser refused a call: ${error.message}`));
  });
  const soon = <T>(answer: Promise<T>, what: string): Promise<T> => {
    const { promise, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => reject(new Error(`No answer of the browser to ${what}.`)), TIMEOUT_MS);
    return Promise.race([answer, broken, promise]).finally(() => clearTimeout(timer));
  };
  return {
    call: (method, parameters = {}, sessionId) => {
      lastId += 1;
      const waiting = Promise.withResolvers<Answer>();
      answers.set(lastId, waiting);
      input.write(`${JSON.stringify({ id: lastId, method, params: parameters, sessionId })}\0`);
      return soon(waiting.promise, method);
    },
    event: (method, sessionId) => {
      const waiting = Promise.withResolvers<void>();
      events.set(`${sessionId} ${method}`, waiting);
      return soon(waiting.promise, method);
    },
  };
}

interface Message {
  id?: number;
  error?: { message: string };
  result?: Answer;
  method?: string;
  sessionId?: string;
}

/** Messages are JSON, each with a NUL behind it. */
function readMessages(output: Readable, take: (message: Message) => void): void {
  let rest = '';
  output.setEncoding('utf8');
  output.on('data', (chunk: string) => {
    const messages = `${rest}${chunk}`.split('\0');
    rest = messages.pop() ?? '';
    for (const message of messages) take(JSON.parse(message) as Message);
  });
}

/** Fonts are there and every diagram is drawn; then where the element is, in whole pixels: half of one would be black. */
const MEASURE = `(async (id) => {
  await document.fonts.ready;
  while (document.querySelector('pre.mermaid:not([data-processed])')) await new Promise((done) => setTimeout(done, 50));
  await new Promise((done) => setTimeout(done, 200));
  const { x, y, width, height } = document.getElementById(id).getBoundingClientRect();
  return { x, y, width: Math.floor(width), height: Math.floor(height) };
})`;

async function takePicture({ call, event }: Connection, pageUrl: string, look: Look): Promise<Buffer> {
  const { targetId } = await call('Target.createTarget', { url: 'about:blank' });
  const { sessionId } = await call('Target.attachToTarget', { targetId, flatten: true });
  const inPage = (method: string, parameters?: Answer) => call(method, parameters, String(sessionId));
  const features = [{ name: 'prefers-color-scheme', value: look.scheme }];
  await inPage('Emulation.setEmulatedMedia', { features });
  const metrics = { width: look.widthPx, height: 1000, deviceScaleFactor: look.scale, mobile: false };
  await inPage('Emulation.setDeviceMetricsOverride', metrics);
  await inPage('Page.enable');
  const loaded = event('Page.loadEventFired', String(sessionId));
  await Promise.all([inPage('Page.navigate', { url: pageUrl }), loaded]);
  const expression = `${MEASURE}(${JSON.stringify(look.elementId)})`;
  const { result } = await inPage('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true });
  const clip = { ...(result as { value: object }).value, scale: 1 };
  const { data } = await inPage('Page.captureScreenshot', { format: 'png', clip, captureBeyondViewport: true });
  await call('Target.closeTarget', { targetId });
  return Buffer.from(String(data), 'base64');
}
