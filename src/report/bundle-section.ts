import { extname } from 'node:path/posix';
import type { Bundle, BundleFile } from '../domain/bundle.ts';
import {
  isAsset,
  MAX_ASSET_BYTES,
  MAX_BUNDLE_BYTES,
  MAX_BUNDLE_FILES,
  MAX_UNZIPPED_BYTES,
  MAX_WORKER_BYTES,
} from '../domain/bundle-limits.ts';
import { WORKER_NAME } from '../domain/bundle-names.ts';
import { count, formatBytes } from './format.ts';
import { code, prose, table, text } from './markdown.ts';
import { collapsed } from './sections.ts';

const MAX_LARGEST = 10;
const MAX_KINDS = 12;
const MAX_NAME_CHARS = 200;

/** The bundle's part of the summary: its size, the headroom against each limit, its largest files, its kinds of files. */
export function bundleSection(bundle: Bundle): string {
  return [
    '### Bundle',
    `${count(bundle.files.length, 'file')} · ${formatBytes(bundle.unzippedBytes)} unzipped · **${formatBytes(bundle.sizeBytes)} zipped** · SHA-256 ${code(bundle.sha256)}`,
    ...bundle.notes.map(prose),
    headroomTable(bundle),
    largestTable(bundle.files),
    kindsTable(bundle.files),
  ].join('\n\n');
}

function headroomTable(bundle: Bundle): string {
  const sizeOf = (name: string) => bundle.files.find((file) => file.name === name)?.sizeBytes;
  const assets = bundle.files.filter((file) => isAsset(file.name));
  const largestAsset = Math.max(0, ...assets.map((file) => file.sizeBytes));
  const rows = [
    headroom('Zip', bundle.sizeBytes, MAX_BUNDLE_BYTES),
    headroom('Unzipped', bundle.unzippedBytes, MAX_UNZIPPED_BYTES),
    headroom('Files', bundle.files.length, MAX_BUNDLE_FILES, (files) => files.toLocaleString('en-US')),
    ...(sizeOf(WORKER_NAME) === undefined ? [] : [headroom(WORKER_NAME, sizeOf(WORKER_NAME) ?? 0, MAX_WORKER_BYTES)]),
    headroom('Largest asset', largestAsset, MAX_ASSET_BYTES),
  ];
  return table(['Limit', 'Used', 'Allowed', 'Headroom', 'Share'], rows, [1, 2, 3]);
}

function headroom(name: string, used: number, allowed: number, format: (n: number) => string = formatBytes): string[] {
  const share = used / allowed;
  const blocks = Math.min(10, Math.round(share * 10));
  const light = share > 0.9 ? '🔴' : share > 0.7 ? '🟡' : '🟢';
  // Blocks of text take the colour of the page; squares among the emoji glare on a dark one.
  const bar = `${light} <code>${'█'.repeat(blocks)}${'░'.repeat(10 - blocks)}</code>`;
  return [
    text(name),
    format(used),
    format(allowed),
    `${format(Math.max(0, allowed - used))}`,
    `${bar} ${share > 0 && share < 0.01 ? '<1' : Math.round(share * 100)} %`,
  ];
}

function largestTable(files: readonly BundleFile[]): string {
  const largest = [...files].sort((a, b) => b.sizeBytes - a.sizeBytes).slice(0, MAX_LARGEST);
  const rows = largest.map((file) => [code(shorten(file.name)), formatBytes(file.sizeBytes)]);
  return collapsed(`Largest ${count(largest.length, 'file')}`, table(['File', 'Size'], rows, [1]));
}

function kindsTable(files: readonly BundleFile[]): string {
  const kinds = new Map<string, { files: number; bytes: number }>();
  for (const file of files) {
    const kind = extname(file.name).toLowerCase() || '(none)';
    const sum = kinds.get(kind) ?? { files: 0, bytes: 0 };
    kinds.set(kind, { files: sum.files + 1, bytes: sum.bytes + file.sizeBytes });
  }
  const sorted = [...kinds].sort(([, a], [, b]) => b.bytes - a.bytes);
  const rows = sorted
    .slice(0, MAX_KINDS)
    .map(([kind, sum]) => [code(shorten(kind)), String(sum.files), formatBytes(sum.bytes)]);
  const rest = sorted.slice(MAX_KINDS);
  if (rest.length > 0) {
    const bytes = rest.reduce((sum, [, kind]) => sum + kind.bytes, 0);
    rows.push([`${rest.length} more`, String(rest.reduce((sum, [, kind]) => sum + kind.files, 0)), formatBytes(bytes)]);
  }
  return collapsed('Kinds of files', table(['Kind', 'Files', 'Unzipped'], rows, [1, 2]));
}

function shorten(name: string): string {
  return name.length > MAX_NAME_CHARS
    ? `${name.slice(0, MAX_NAME_CHARS / 2)}…${name.slice(-MAX_NAME_CHARS / 2)}`
    : name;
}
