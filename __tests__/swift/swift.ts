/**
 * A real S3-compatible server: OpenStack Swift with s3api, from Debian's packages. It checks AWS V4 presigned URLs as S3
 * does, and keeps what it gets encrypted, as `x-amz-server-side-encryption` asks it to.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { test } from '@jest/globals';
import type { ForeignStore } from '../../emulator/services/sitecore/options.ts';
import { pause } from '../../src/pause.ts';
import { timeoutMs } from '../timeouts.ts';

/** The distribution's own: its Swift is not for another Python that may be in the way. */
const PYTHON = '/usr/bin/python3';
const SERVERS_SCRIPT = fileURLToPath(new URL('servers.py', import.meta.url));
const SERVERS = ['proxy', 'account', 'container', 'object'] as const;
const READY_MS = timeoutMs(60_000);
const ASK_AGAIN_MS = 50;
const REGION = 'us-east-1';
const BUCKET = 'batches';
const ACCESS_KEY = 'test:tester';
const SECRET_KEY = 'testing-secret';

export const isSwiftInstalled =
  spawnSync(PYTHON, ['-c', 'import swift.proxy.server, swift.account.server, swift.container.server, swift.obj.server'])
    .status === 0;
if (!isSwiftInstalled) {
  console.warn(
    'Tests with a real S3-compatible server are skipped: Swift (Debian: swift-proxy, swift-account, swift-container, swift-object) is not installed.',
  );
}

/** `test`, where there is a Swift. */
export const withSwift = isSwiftInstalled ? test : test.skip;

export interface Swift {
  /** `http://127.0.0.1:<port>`; buckets are in the path. */
  endpoint: string;
  accessKey: string;
  secretKey: string;
  region: string;
  /** There, and empty. */
  bucket: string;
  /** To be used until `stop`. */
  client: S3Client;
  stop(): Promise<void>;
}

/** Four servers on free ports of this machine, in a temporary folder; needs no root. @returns when all of them answer */
export async function startSwift(): Promise<Swift> {
  const folder = mkdtempSync(join(tmpdir(), 'swift-'));
  const ports = await findFreePorts(SERVERS.length);
  for (const [name, text] of Object.entries(settingsOf(folder, ports))) writeFileSync(join(folder, name), text);
  const child = spawn(PYTHON, [SERVERS_SCRIPT, folder, ...ports.map(String)], { stdio: ['pipe', 'pipe', 'pipe'] });
  const said = collectOutput(child);
  const endpoint = `http://127.0.0.1:${ports[0]}`;
  const client = new S3Client({
    endpoint,
    region: REGION,
    forcePathStyle: true,
    credentials: { accessKeyId: ACCESS_KEY, secretAccessKey: SECRET_KEY },
    // Swift knows none of the checksums that the SDK adds of its own accord.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
  const stop = async () => {
    client.destroy();
    if (child.exitCode === null && child.signalCode === null) {
      child.stdin.end();
      await once(child, 'close');
    }
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const signal = AbortSignal.timeout(READY_MS);
    await Promise.all(ports.map((port) => untilHealthy(port, child, signal)));
    await client.send(new CreateBucketCommand({ Bucket: BUCKET }), { abortSignal: signal });
  } catch (cause) {
    await stop();
    throw new Error(`Swift did not start: ${said()}`, { cause });
  }
  return { endpoint, accessKey: ACCESS_KEY, secretKey: SECRET_KEY, region: REGION, bucket: BUCKET, client, stop };
}

const SIGNED_HEADERS: ReadonlySet<string> = new Set(['content-md5', 'host', 'x-amz-server-side-encryption']);
const LOCATION_SECONDS = 3600;

interface PresignedUpload {
  key: string;
  md5Base64: string;
  /** Now, unless given. */
  signedAt?: Date | undefined;
}

/** A URL as the Batch API gives it: good for an hour, and signed over three headers (API document, section 3). */
export async function presignUpload(
  { client, bucket }: Swift,
  { key, md5Base64, signedAt = new Date() }: PresignedUpload,
): Promise<string> {
  const command = new PutObjectCommand({
    Bucket: bucket,
    Key: key,
    ContentMD5: md5Base64,
    ServerSideEncryption: 'AES256',
  });
  return await getSignedUrl(client, command, {
    expiresIn: LOCATION_SECONDS,
    signingDate: signedAt,
    signableHeaders: new Set(SIGNED_HEADERS),
    // They are to be sent as headers, and not as parts of the URL.
    unhoistableHeaders: new Set(SIGNED_HEADERS),
  });
}

/** The place of the embedded platform's own store: batches go to Swift, and their files are read there. */
export function createSwiftStore(swift: Swift): ForeignStore {
  const { client, bucket } = swift;
  return {
    presign: ({ ref, md5Base64 }) => presignUpload(swift, { key: ref, md5Base64 }),
    read: async (ref) => {
      const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: ref }));
      if (Body === undefined) throw new Error(`the object ${ref} has no body`);
      return Body as Readable;
    },
  };
}

function collectOutput(child: ChildProcess): () => string {
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      text = `${text}${chunk}`.slice(-20_000);
    });
  }
  return () => text;
}

/** Asks until the server says that it is there. */
async function untilHealthy(port: number | undefined, child: ChildProcess, signal: AbortSignal): Promise<void> {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`the servers ended with ${child.exitCode}`);
    const answer = await fetch(`http://127.0.0.1:${port}/healthcheck`, { signal }).catch(() => undefined);
    await answer?.body?.cancel();
    if (answer?.ok) return;
    await pause(ASK_AGAIN_MS, signal);
  }
}

async function findFreePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  for (const server of servers) server.close();
  await Promise.all(servers.map((server) => once(server, 'close')));
  return ports;
}

/** The settings of each server, by the name of their file. Pipelines as Swift's own manual has them for s3api. */
function settingsOf(folder: string, ports: readonly number[]): Record<string, string> {
  const common = (server: (typeof SERVERS)[number]) => `[DEFAULT]
bind_ip = 127.0.0.1
bind_port = ${ports[SERVERS.indexOf(server)]}
user = ${userInfo().username}
swift_dir = ${folder}
devices = ${join(folder, 'drives')}
mount_check = false
workers = 0
fallocate_reserve = 0

[filter:healthcheck]
use = egg:swift#healthcheck
`;
  const storage = (server: 'account' | 'container' | 'object') => `${common(server)}
[pipeline:main]
pipeline = healthcheck ${server}-server

[app:${server}-server]
use = egg:swift#${server}
`;
  return {
    'swift.conf': '[swift-hash]\nswift_hash_path_suffix = of-a-test\n',
    'account.conf': storage('account'),
    'container.conf': storage('container'),
    'object.conf': storage('object'),
    'proxy.conf': `${common('proxy')}
[pipeline:main]
pipeline = catch_errors gatekeeper healthcheck cache s3api tempauth keymaster encryption proxy-server

[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true

[filter:catch_errors]
use = egg:swift#catch_errors

[filter:gatekeeper]
use = egg:swift#gatekeeper

[filter:cache]
use = egg:swift#memcache
# tempauth wants one in the pipeline, though it keeps nothing there for s3api: nobody answers at this port.
memcache_servers = 127.0.0.1:1

[filter:s3api]
use = egg:swift#s3api
location = ${REGION}
allow_multipart_uploads = false

[filter:tempauth]
use = egg:swift#tempauth
user_${ACCESS_KEY.replace(':', '_')} = ${SECRET_KEY} .admin

[filter:keymaster]
use = egg:swift#keymaster
encryption_root_secret = ${Buffer.alloc(32, 'of a test').toString('base64')}

[filter:encryption]
use = egg:swift#encryption
`,
  };
}
