/** `npm run emulator`: the embedded platform as a process of its own. `--help` shows its options. */
import { once } from 'node:events';
import { HELP, parseCommandLine } from './cli-options.ts';
import type { Emulator, EmulatorOptions } from './emulator.ts';
import { explainPortInUse } from './port-in-use.ts';
import type { RecordedRequest } from './recorder.ts';
import { startEmulator } from './server.ts';
import { SERVICES } from './services.ts';
import { UsageError } from './usage-error.ts';

async function run(args: readonly string[]): Promise<void> {
  const options = parseCommandLine(args, print);
  if (options === 'help') {
    process.stdout.write(HELP);
    return;
  }
  // Before the start, so that no files are left behind if it is stopped early.
  const stopped = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  const emulator = await start({ ...options, onRequestEnd: (request) => print(renderRequest(request)) });
  print(renderSettings(emulator, options));
  await stopped;
  await emulator.close();
}

async function start(options: EmulatorOptions): Promise<Emulator> {
  try {
    return await startEmulator(options);
  } catch (error) {
    const explanation = explainPortInUse(error, options);
    throw explanation === undefined ? error : new Error(explanation, { cause: error });
  }
}

function renderSettings(emulator: Emulator, options: EmulatorOptions): string {
  const { origin, certificatePath } = emulator;
  const apiHost = options.tls ? emulator.apiHost : origin;
  const settings = SERVICES.flatMap(({ cli }) => cli?.settings?.(emulator, { origin, apiHost }) ?? []);
  return [
    `The emulator listens on ${origin}. Environment:`,
    '',
    ...settings.flatMap(({ environment = [] }) => environment),
    ...(certificatePath === undefined ? [] : [`NODE_EXTRA_CA_CERTS=${certificatePath}`]),
    '',
    'Or as inputs of the action:',
    '',
    ...settings.flatMap(({ inputs = [] }) => inputs).map((input) => `  ${input}`),
    ...settings.flatMap(({ text = [] }) => (text.length > 0 ? ['', ...text] : [])),
    '',
    'Requests (Ctrl+C ends it):',
  ].join('\n');
}

function renderRequest(request: RecordedRequest): string {
  const durationMs = (request.endedAtMs ?? request.startedAtMs) - request.startedAtMs;
  const faults = request.faults.length > 0 ? `  fault: ${request.faults.join(', ')}` : '';
  const size = request.bodyBytes > 0 ? `  ${request.bodyBytes} bytes` : '';
  // Without the query: that of an upload is a credential.
  const line = `${request.method} ${request.path}  ${request.status ?? 'no answer'}`;
  return `${request.call}: ${line}  ${durationMs} ms${size}${request.aborted ? '  broken off' : ''}${faults}`;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

try {
  await run(process.argv.slice(2));
} catch (error) {
  const isUsage = error instanceof UsageError;
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  if (isUsage) process.stderr.write("Try 'npm run emulator -- --help'.\n");
  process.exitCode = isUsage ? 2 : 1;
}
