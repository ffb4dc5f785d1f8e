import { parseArgs } from 'node:util';
import { CONTROL_HELP } from './control.ts';
import type { EmulatorOptions } from './emulator.ts';
import { EFFECTS, parseFault } from './fault-parsing.ts';
import type { Fault } from './fault-types.ts';
import { ARTIFACT_ENDPOINTS } from './services/artifacts/endpoints.ts';
import { grantAll, PERMISSIONS } from './services/github/permissions.ts';
import type { GitHubOptions } from './services/github/store.ts';
import { FIRST_SITE_ID } from './services/redirects/options.ts';
import type { Site } from './services/redirects/records.ts';
import type { SitecoreOptions } from './services/sitecore/options.ts';
import { CALLS } from './types.ts';

/** A command line that cannot be followed; the message says why. */
export class UsageError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'UsageError';
  }
}

const FLAGS = {
  port: { type: 'string' },
  tls: { type: 'boolean' },
  'store-hash': { type: 'string' },
  'access-token': { type: 'string' },
  project: { type: 'string', multiple: true },
  site: { type: 'string', multiple: true },
  'client-key': { type: 'string' },
  'api-token': { type: 'string' },
  'location-life-seconds': { type: 'string' },
  'step-ms': { type: 'string' },
  'stream-cut-ms': { type: 'string' },
  'signature-life-seconds': { type: 'string' },
  'sse-form': { type: 'string' },
  'github-repository': { type: 'string' },
  'github-token': { type: 'string' },
  'github-deny': { type: 'string', multiple: true },
  'fail-with': { type: 'string' },
  fault: { type: 'string', multiple: true },
  help: { type: 'boolean', short: 'h' },
} as const;

export const HELP = `An embedded BigCommerce: try a deployment, or redirects, without a store.
Sitecore CDP's Batch API is there too, at the same address, with the store that its files go to.
An embedded GitHub stands beside it, for deployments, comments, check runs and artifacts.

Usage: npm run emulator -- [options]

  --port PORT                  port to listen on (8787; 0: any free one)
  --tls                        https, with a certificate made on the spot; the vendor's own tool speaks nothing else
  --store-hash HASH            the store's hash
  --access-token TOKEN         the token that is accepted
  --project NAME               a project of the store; may be given more than once (demo-storefront)
  --site DOMAIN                a site of the store, which redirects are of; may be given more than once; the ids
                               begin with 1000 (store.example.com, outlet.example.com)
  --client-key KEY             the client key of Sitecore CDP that is accepted
  --api-token TOKEN            the API token that goes with it
  --location-life-seconds S    life of the URL that a batch's file goes to (3600, as with Sitecore CDP)
  --step-ms MS                 time that a deployment takes for each of its seven steps, and a job of redirects or a batch
                               for each of its own (300)
  --stream-cut-ms MS           event streams are ended after so long (30000, as on the real platform)
  --signature-life-seconds S   life of an upload URL (59, as on the real platform)
  --sse-form bare|documented   events as "data:" lines alone (bare), or with "event: message" as documented
  --github-repository NAME     owner/name of the repository on the embedded GitHub (acme/storefront)
  --github-token TOKEN         the job's own token there (made up)
  --github-deny PERMISSION     the job's token lacks it; with =read it can still read; may be given more than once:
                               ${PERMISSIONS.join(', ')}
  --fail-with CODE             every deployment fails with this error code
  --fault JSON                 a fault on request; may be given more than once:
                               {"call": CALL, "effect": EFFECT, "skip"?: N, "times"?: N or "always", ...}
                               The fields of each effect: emulator/fault-types.ts and batches/batch-faults.ts
                               For GitHub's rate limit: {"call": "github.any", "effect": "rate-limit", "times": N}
  --help                       this text

CALL is one of:
${wrapWords([...CALLS, ...new Set(ARTIFACT_ENDPOINTS.map(({ call }) => call)), 'github.any'])}
EFFECT is one of:
${wrapWords(EFFECTS)}

The running emulator is controlled over HTTP:
${CONTROL_HELP}
`;

/** Options from the command line; `help` where that was asked for. Throws `UsageError`. */
export function parseCommandLine(args: readonly string[]): EmulatorOptions | 'help' {
  const values = parseFlags(args);
  if (values.help) return 'help';
  const port = readNumber('port', values.port, { max: 65_535, isWhole: true }) ?? 8787;
  const stepMs = readNumber('step-ms', values['step-ms'], {});
  const streamCutMs = readNumber('stream-cut-ms', values['stream-cut-ms'], {});
  const signatureLifeSeconds = readNumber('signature-life-seconds', values['signature-life-seconds'], {});
  const failWith = readNumber('fail-with', values['fail-with'], { isWhole: true });
  const faults = (values.fault ?? []).map(readFault);
  if (failWith !== undefined)
    faults.push({ call: 'createDeployment', effect: 'fail', code: failWith, times: 'always' });
  return {
    port,
    faults,
    sseForm: readSseForm(values['sse-form']),
    workerLogEveryMs: 2000,
    ...(values.tls !== undefined && { tls: values.tls }),
    ...(values['store-hash'] !== undefined && { storeHash: readText('store-hash', values['store-hash']) }),
    ...(values['access-token'] !== undefined && { accessToken: readText('access-token', values['access-token']) }),
    ...(values.project !== undefined && { projects: values.project.map((name) => readText('project', name)) }),
    ...(values.site !== undefined && { redirects: { sites: values.site.map(readSite) } }),
    sitecore: readSitecoreOptions(values),
    github: readGitHubOptions(values),
    ...(stepMs !== undefined && { stepMs }),
    ...(streamCutMs !== undefined && { streamCutMs }),
    ...(signatureLifeSeconds !== undefined && { signatureLifeSeconds }),
  };
}

function readSitecoreOptions(values: ReturnType<typeof parseFlags>): SitecoreOptions {
  const { 'client-key': clientKey, 'api-token': apiToken, 'location-life-seconds': life } = values;
  const locationLifeSeconds = readNumber('location-life-seconds', life, { max: 604_800 });
  return {
    ...(clientKey !== undefined && { clientKey: readText('client-key', clientKey) }),
    ...(apiToken !== undefined && { apiToken: readText('api-token', apiToken) }),
    ...(locationLifeSeconds !== undefined && { locationLifeSeconds }),
  };
}

function readGitHubOptions(values: ReturnType<typeof parseFlags>): GitHubOptions {
  const { 'github-repository': repository, 'github-token': token, 'github-deny': denied = [] } = values;
  const parts = repository?.split('/') ?? [];
  if (repository !== undefined && (parts.length !== 2 || parts.some((part) => !/^[\w.-]+$/.test(part)))) {
    throw new UsageError(`--github-repository must be owner/name; it is '${repository}'`);
  }
  const permissions = denied.map((text) => {
    const [name, left, ...more] = text.split('=');
    const permission = PERMISSIONS.find((known) => known === name);
    if (permission === undefined || more.length > 0 || (left !== undefined && left !== 'read')) {
      throw new UsageError(
        `--github-deny must be one of ${PERMISSIONS.join(', ')}, or that and =read; it is '${text}'`,
      );
    }
    return [permission, left ?? 'none'] as const;
  });
  return {
    permissions: { ...grantAll('write'), ...Object.fromEntries(permissions) },
    ...(repository !== undefined && { repository }),
    ...(token !== undefined && { token: readText('github-token', token) }),
  };
}

function parseFlags(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: FLAGS, strict: true, allowPositionals: false }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function readNumber(
  flag: string,
  text: string | undefined,
  { max = Number.MAX_SAFE_INTEGER, isWhole = false }: { max?: number; isWhole?: boolean },
): number | undefined {
  if (text === undefined) return undefined;
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isNaN(value) || value > max || (isWhole && !Number.isInteger(value))) {
    const range = max === Number.MAX_SAFE_INTEGER ? 'of 0 or more' : `from 0 to ${max}`;
    throw new UsageError(`--${flag} must be a ${isWhole ? 'whole ' : ''}number ${range}; it is '${text}'`);
  }
  return value;
}

function readText(flag: string, text: string): string {
  if (!/^[\w.~-]+$/.test(text)) {
    throw new UsageError(`--${flag} must be of letters, digits, '.', '_', '~' and '-'; it is '${text}'`);
  }
  return text;
}

function readSite(domain: string, index: number): Site {
  return { id: FIRST_SITE_ID + index, domain: readText('site', domain).toLowerCase() };
}

function readSseForm(text: string | undefined): 'bare' | 'documented' {
  if (text === undefined || text === 'bare') return 'bare';
  if (text === 'documented') return text;
  throw new UsageError(`--sse-form must be bare or documented; it is '${text}'`);
}

function readFault(text: string): Fault {
  try {
    return parseFault(JSON.parse(text));
  } catch (error) {
    throw new UsageError(`--fault: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

function wrapWords(words: readonly string[]): string {
  const lines: string[] = [''];
  for (const word of words) {
    const line = lines.at(-1) ?? '';
    if (line.length + word.length > 90) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line}, ${word}`;
  }
  return lines.map((line) => `  ${line}`).join(',\n');
}
