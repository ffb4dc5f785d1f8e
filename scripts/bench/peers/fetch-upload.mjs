// Uploads a file as `catalyst deploy` 1.4.1 does (uploadBundleZip in its dist/cli.js). Arguments: the file, the URL.
import { readFile } from 'node:fs/promises';

const [, , path, url] = process.argv;
const body = await readFile(path);
const response = await fetch(url, { method: 'PUT', headers: { 'Content-Type': 'application/zip' }, body });
if (!response.ok) throw new Error(`the sink answered ${response.status}`);
