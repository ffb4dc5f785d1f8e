/** Uploads a file as the action does. Arguments: the file, the URL. */
import { statSync } from 'node:fs';
import { createHttpClient } from '../../../src/net/http.ts';
import { STORAGE_TIMES } from '../../../src/net/storage.ts';
import { putFile } from '../../../src/net/upload.ts';

const [, , path = '', url = ''] = process.argv;
const http = createHttpClient({ userAgent: 'bench', correlationId: 'bench' });
await putFile(http, {
  what: 'Uploading the bundle',
  url: new URL(url),
  path,
  sizeBytes: statSync(path).size,
  headers: { 'content-type': 'application/zip' },
  ...STORAGE_TIMES,
  onProgress: () => {},
  signal: new AbortController().signal,
  explain: () => undefined,
});
await http.close();
