import { join } from 'node:path';
import { FileTooLargeError, NotAFileError, readRegularFile } from '../regular-file.ts';
import { maskText } from './masks.ts';
import type { InputSource } from './source.ts';
import { systemErrorCode } from './system-error.ts';

/** The file that BigCommerce's own tool keeps beside a storefront, relative to the working directory. */
export const PROJECT_FILE = '.bigcommerce/project.json';

/** The tool writes a few hundred bytes. */
const MAX_PROJECT_FILE_BYTES = 2 ** 20;

export type ProjectFileField = 'storeHash' | 'accessToken' | 'projectUuid';

/** A field's text, '' when there is none; or why it cannot be read, as words that follow the file's name. */
export type FieldResult = { ok: true; text: string } | { ok: false; problem: string };

/** The project file, read when a field is first asked for. */
export interface ProjectFile {
  field(name: ProjectFileField): FieldResult;
}

type Content = { ok: true; fields: Readonly<Record<string, unknown>> } | { ok: false; problem: string };

/** `workingDirectory` is undefined when that input is itself wrong. */
export function createProjectFile(source: InputSource, workingDirectory: string | undefined): ProjectFile {
  let content: Content | undefined;
  return {
    field(name) {
      content ??= readContent(source, workingDirectory);
      if (!content.ok) return content;
      const value = content.fields[name];
      if (value === undefined || value === null) return { ok: true, text: '' };
      if (typeof value !== 'string') return { ok: false, problem: `has a \`${name}\` that is not a string` };
      return { ok: true, text: value.trim() };
    },
  };
}

/** Errors of the file system and of `JSON.parse` are not passed on: the latter quotes a piece of the file. */
function readContent(source: InputSource, workingDirectory: string | undefined): Content {
  if (workingDirectory === undefined) {
    return { ok: false, problem: 'was not looked for, since `working-directory` is wrong' };
  }
  const text = readOptionalFile(join(workingDirectory, PROJECT_FILE));
  if (!text.ok) return text;
  maskRawAccessToken(source, text.text);
  try {
    const fields: unknown = text.text === '' ? {} : JSON.parse(text.text);
    if (typeof fields !== 'object' || fields === null || Array.isArray(fields)) {
      return { ok: false, problem: 'does not hold a JSON object' };
    }
    const copy: Readonly<Record<string, unknown>> = { ...fields };
    if (typeof copy['accessToken'] === 'string') maskText(source, copy['accessToken']);
    return { ok: true, fields: copy };
  } catch {
    return { ok: false, problem: 'is not valid JSON' };
  }
}

/** The file's text; '' when there is no file. */
function readOptionalFile(path: string): FieldResult {
  try {
    const text = readRegularFile(path, MAX_PROJECT_FILE_BYTES).toString('utf8');
    return { ok: true, text: text.replace(/^\uFEFF/, '') };
  } catch (error) {
    if (error instanceof NotAFileError) return { ok: false, problem: 'is not a file' };
    if (error instanceof FileTooLargeError) return { ok: false, problem: 'is larger than 1 MB: it is another file' };
    const code = systemErrorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return { ok: true, text: '' };
    return { ok: false, problem: `cannot be read (${code})` };
  }
}

/** From the raw text, so that a token is masked in a file that is not valid JSON as well. */
function maskRawAccessToken(source: InputSource, text: string): void {
  for (const [, raw = ''] of text.matchAll(/"accessToken"\s*:\s*"((?:\\.|[^"\\\r\n])*)/g)) maskText(source, raw);
}
