import { startEmulator } from '../../emulator/server.ts';
import { createHostingClient } from '../../src/bigcommerce/client.ts';
import type { ApiOptions } from '../../src/bigcommerce/endpoint.ts';
import { createRedirectsClient } from '../../src/bigcommerce/redirects-client.ts';
import { createLogsClient } from '../../src/bigcommerce/worker-logs.ts';

/** One event stream as the platform has sent it, and the client that reads such streams. */
export interface RecordedStream {
  name: string;
  text: string;
  /** What the client makes of it, connection by connection; never ends by itself. */
  follow(api: ApiOptions, options: Following): AsyncIterable<unknown>;
  /** Whether this is the last thing that the stream has to say. */
  isLast(item: unknown): boolean;
}

interface Following {
  signal: AbortSignal;
  onReconnect: () => void;
  onSkipped: (description: string) => void;
}

type Recorder = (form: 'bare' | 'documented') => Promise<RecordedStream>;

/** Plays each kind of stream once, in both forms that are known (API document, section 1, "Event stream"). */
export async function recordStreams(): Promise<RecordedStream[]> {
  const recorders: readonly Recorder[] = [recordDeployment, recordImport, recordLogs];
  const forms = ['bare', 'documented'] as const;
  return await Promise.all(recorders.flatMap((record) => forms.map((form) => record(form))));
}

const headersOf = (token: string) => ({ 'x-auth-token': token, accept: 'text/event-stream' });

async function recordDeployment(form: 'bare' | 'documented'): Promise<RecordedStream> {
  const emulator = await startEmulator({ stepMs: 20, sseForm: form });
  try {
    const api = `${emulator.origin}/stores/${emulator.storeHash}/v3/infrastructure`;
    const post = async (path: string, body: object) => {
      const init = { method: 'POST', headers: headersOf(emulator.accessToken), body: JSON.stringify(body) };
      return ((await (await fetch(`${api}${path}`, init)).json()) as { data: Record<string, string> }).data;
    };
    const { upload_url = '', upload_uuid } = await post('/deployments/uploads', {});
    await fetch(upload_url, { method: 'PUT', headers: { 'content-type': 'application/zip' }, body: 'zip' });
    const created = { project_uuid: emulator.projects[0]?.uuid, upload_uuid };
    const { deployment_uuid = '' } = await post('/deployments', created);
    const text = await readStream(`${api}/deployments/${deployment_uuid}/events`, emulator.accessToken);
    return {
      name: `deployment, ${form}`,
      text,
      follow: (options, following) =>
        createHostingClient({ ...options, maskSecret: () => {} }).followDeployment(deployment_uuid, following),
      isLast: (item) => ['completed', 'failed'].includes(statusOf(item)),
    };
  } finally {
    await emulator.close();
  }
}

async function recordImport(form: 'bare' | 'documented'): Promise<RecordedStream> {
  const emulator = await startEmulator({ stepMs: 20, sseForm: form });
  try {
    const api = `${emulator.origin}/stores/${emulator.storeHash}/v3/storefront/redirects/imex/import`;
    const rows = 'Domain,Old Path,Manual URL/Path,Dynamic Target Type,Dynamic Target ID\nstore.example.com,/a,/b,,\n';
    const body = new FormData();
    body.append('import_file', new Blob([rows], { type: 'text/csv' }), 'redirects.csv');
    const started = await fetch(api, { method: 'POST', headers: { 'x-auth-token': emulator.accessToken }, body });
    const { id } = (await started.json()) as { id: string };
    const text = await readStream(`${api}/${id}/events`, emulator.accessToken);
    return {
      name: `import, ${form}`,
      text,
      follow: (options, following) => createRedirectsClient(options).followJob('import', `${id}`, following),
      isLast: (item) => statusOf(item) === 'complete',
    };
  } finally {
    await emulator.close();
  }
}

async function recordLogs(form: 'bare' | 'documented'): Promise<RecordedStream> {
  const emulator = await startEmulator({ stepMs: 20, sseForm: form, logCutMs: 300 });
  try {
    const uuid = emulator.projects[0]?.uuid ?? '';
    const tail = `${emulator.origin}/stores/${emulator.storeHash}/v3/infrastructure/logs/${uuid}/tail`;
    const reading = readStream(tail, emulator.accessToken);
    await emulator.waitForRequest(({ call, status }) => call === 'logs' && status === 200);
    const timestamp = new Date().toISOString();
    for (const words of ['first', 'zweite Zeile: ä€🕯', 'last']) {
      emulator.addWorkerLog(uuid, {
        timestamp,
        request: null,
        logs: [{ timestamp, level: 'info', messages: [words] }],
      });
    }
    return {
      name: `worker log, ${form}`,
      text: await reading,
      follow: (options, following) => createLogsClient(options).tail(uuid, following),
      isLast: (item) => JSON.stringify(item).includes('"last"'),
    };
  } finally {
    await emulator.close();
  }
}

function statusOf(item: unknown): string {
  return String((item as { status?: unknown }).status);
}

async function readStream(url: string, token: string): Promise<string> {
  return await (await fetch(url, { headers: headersOf(token) })).text();
}
