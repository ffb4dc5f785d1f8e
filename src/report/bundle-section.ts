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
import type { DeployRecord } from './deploy-record.ts';
import { count, formatBytes, formatCount } from './format.ts';
import { limitLabel } from './limits.ts';
import { code, prose, table, text } from './markdown.ts';
import { fold } from './page.ts';

const MAX_LARGEST = 10;
const MAX_KINDS = 12;
const MAX_NAME_CHARS = 200;
const MAX_KIND_CHARS = 40;
const MAX_VARIABLES = 200;
/** From here on, the fold stands open. */
const NEAR = 0.7;
const VERY_NEAR = 0.9;

/** The bundle's part of the summary: how near each limit is, its largest files, its kinds of files, its variables. */
export function bundleFold({ bundle, variables }: Pick<DeployRecord, 'bundle' | 'variables'>): string | undefined {
  if (bundle === undefined) return undefined;
  const limits = limitsOf(bundle);
  const nearest = limits.reduce((one, other) => (other.share > one.share ? other : one));
  const body = [
    ...bundle.notes.map(prose),
    limitsTable(limits),
    variablesLine(variables),
    largestFold(bundle.files),
    kindsFold(bundle.files),
  ];
  return fold(`Bundle: ${limitsWords(nearest)} ${lightOf(nearest.share)}`, body.filter(isGiven).join('\n\n'), {
    isOpen: nearest.share > NEAR,
  });
}

function isGiven(section: string | undefined): section is string {
  return section !== undefined;
}

/** What the platform takes so much of. */
interface Limit {
  name: string;
  used: string;
  allowed: string;
  /** 1 is all of it. */
  share: number;
}

/** At least one. */
function limitsOf({ sizeBytes, unzippedBytes, files }: Bundle): Limit[] {
  const worker = files.find(({ name }) => name === WORKER_NAME);
  const assets = files.filter(({ name }) => isAsset(name)).map((file) => file.sizeBytes);
  const limit = (name: string, used: number, allowed: number, format = formatBytes): Limit => ({
    ...{ name, used: format(used), allowed: format(allowed), share: used / allowed },
  });
  return [
    limit('Zip', sizeBytes, MAX_BUNDLE_BYTES),
    limit('Unzipped', unzippedBytes, MAX_UNZIPPED_BYTES),
    limit('Files', files.length, MAX_BUNDLE_FILES, formatCount),
    ...(worker === undefined ? [] : [limit(WORKER_NAME, worker.sizeBytes, MAX_WORKER_BYTES)]),
    limit('Largest asset', Math.max(0, ...assets), MAX_ASSET_BYTES),
  ];
}

/** `all limits below 5 %`, or what is nearest to its limit. */
function limitsWords({ name, share }: Limit): string {
  const below = [0.05, 0.1, 0.25].find((mark) => share < mark);
  return below === undefined ? `${text(name)} at ${percent(share)} of its limit` : `all limits below ${percent(below)}`;
}

function limitsTable(limits: readonly Limit[]): string {
  const rows = limits.map(({ name, used, allowed, share }) => [
    text(name),
    `${used} of ${allowed}`,
    `${lightOf(share)} ${percent(share)}`,
  ]);
  return table(['Limit', 'Used', 'Share'], rows);
}

function lightOf(share: number): string {
  return share > VERY_NEAR ? '🔴' : share > NEAR ? '🟡' : '🟢';
}

function percent(share: number): string {
  return `${share > 0 && share < 0.01 ? '&lt;1' : Math.round(share * 100)}&nbsp;%`;
}

function variablesLine(variables: DeployRecord['variables']): string | undefined {
  if (variables.length === 0) return undefined;
  const shown = variables.slice(0, MAX_VARIABLES);
  const names = shown.map(({ key, type }) => `${type === 'secret' ? '🔒&nbsp;' : ''}${code(limitLabel(key))}`);
  const rest = variables.length - shown.length;
  if (rest > 0) names.push(`and ${count(rest, 'more variable')}`);
  const meaning = shown.some(({ type }) => type === 'secret') ? ' (🔒 secret)' : '';
  return `Variables${meaning}: ${names.join(', ')}`;
}

/** A list: a long path wraps on a phone, which it would not do in a table. */
function largestFold(files: readonly BundleFile[]): string {
  const largest = [...files].sort((a, b) => b.sizeBytes - a.sizeBytes).slice(0, MAX_LARGEST);
  const lines = largest.map(
    ({ name, sizeBytes }) => `- ${formatBytes(sizeBytes)} ${code(shorten(name, MAX_NAME_CHARS))}`,
  );
  return fold(`Largest ${count(largest.length, 'file')}`, lines.join('\n'));
}

function kindsFold(files: readonly BundleFile[]): string {
  const kinds = new Map<string, { files: number; bytes: number }>();
  for (const file of files) {
    const kind = extname(file.name).toLowerCase() || '(none)';
    const sum = kinds.get(kind) ?? { files: 0, bytes: 0 };
    kinds.set(kind, { files: sum.files + 1, bytes: sum.bytes + file.sizeBytes });
  }
  const sorted = [...kinds].sort(([, a], [, b]) => b.bytes - a.bytes);
  const rows = sorted
    .slice(0, MAX_KINDS)
    .map(([kind, sum]) => [code(shorten(kind, MAX_KIND_CHARS)), String(sum.files), formatBytes(sum.bytes)]);
  const rest = sorted.slice(MAX_KINDS);
  if (rest.length > 0) {
    const bytes = rest.reduce((sum, [, kind]) => sum + kind.bytes, 0);
    rows.push([`${rest.length} more`, String(rest.reduce((sum, [, kind]) => sum + kind.files, 0)), formatBytes(bytes)]);
  }
  return fold('Kinds of files', table(['Kind', 'Files', 'Unzipped'], rows, [1, 2]));
}

function shorten(name: string, maxChars: number): string {
  return name.length > maxChars ? `${name.slice(0, maxChars / 2)}…${name.slice(-maxChars / 2)}` : name;
}
