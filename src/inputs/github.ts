import type { PreviewKind } from '../domain/preview-name.ts';
import { maskText } from './masks.ts';
import { choiceParser, integerParser, MAX_PULL_REQUEST, type Parsed, parseBoolean } from './parsers.ts';
import { readPreviewKind } from './preview.ts';
import { acceptParsed, type ReadContext, readText, readValue } from './readers.ts';
import type { InputSource } from './source.ts';

/** What to show on GitHub, as the user asked for it; the event fills in what is undefined. */
export interface GitHubInputs {
  /** Undefined: nothing is shown. */
  token: string | undefined;
  environment: string | undefined;
  pullRequest: number | undefined;
  /** Lower case, in full. */
  sha: string | undefined;
  githubDeployment: boolean;
  comment: boolean;
  /** The project shares its comment with others of this name; undefined: it has one of its own. */
  commentGroup: string | undefined;
  /** Markdown below the comment. */
  commentFooter: string | undefined;
  uploadArtifact: 'auto' | boolean;
  preview: PreviewKind | false;
  /** What claims a shared preview, for the comment; undefined where nothing does. */
  commandPhrase: string | undefined;
  /** The check run that this run is to close. */
  checkRunId: number | undefined;
  /** Ends in `.zip`. */
  artifactName: string | undefined;
  artifactRetentionDays: number | undefined;
}

const TOKEN = 'github-token';
const parseId = integerParser(1, Number.MAX_SAFE_INTEGER);
const MAX_ENVIRONMENT_CHARACTERS = 255;
const MAX_PHRASE_CHARACTERS = 100;
const MAX_GROUP_CHARACTERS = 100;
const MAX_FOOTER_CHARACTERS = 2000;
const MAX_ARTIFACT_NAME_CHARACTERS = 200;
/** The most that a repository can be set to (GitHub's documentation, "Configuring the retention period"). */
const MAX_RETENTION_DAYS = 400;

/** Call this before anything else. The runner masks its own token; it may not know any other one. */
export function maskGitHubToken(source: InputSource): void {
  maskText(source, readText(source, TOKEN));
}

type ArtifactInputs = Pick<GitHubInputs, 'uploadArtifact' | 'artifactName' | 'artifactRetentionDays'>;
type StatusInputs = Omit<GitHubInputs, keyof ArtifactInputs>;

/** The check run to close, and with what; a wrong value is undefined. */
export type CheckRunInputs = Pick<GitHubInputs, 'token' | 'checkRunId'>;

export interface GitHubReading {
  /** Undefined if one of them is wrong, which is then in `problems`. */
  inputs: GitHubInputs | undefined;
  /**
   * The same, whether or not the artifact's inputs are wrong: a run that fails for those stores none, and is still
   * shown.
   */
  shown: GitHubInputs | undefined;
  /** The check run has to be closed whatever is wrong with the other inputs. */
  checkRun: CheckRunInputs;
}

/** Reads the inputs about GitHub. */
export function readGitHubInputs(context: ReadContext): GitHubReading {
  const values = readStatusValues(context);
  const status = complete<StatusInputs>(values);
  const artifact = readArtifactInputs(context);
  return {
    inputs: status && artifact && { ...status, ...artifact },
    shown: status && { ...status, ...NO_ARTIFACT, ...artifact },
    checkRun: { token: values.token ?? undefined, checkRunId: values.checkRunId ?? undefined },
  };
}

/** The token alone, even where other inputs are wrong; undefined when it is empty or wrong. */
export function readTokenAlone(source: InputSource): string | undefined {
  const token = parseToken(readText(source, TOKEN));
  return token.ok ? token.value : undefined;
}

const NO_ARTIFACT: ArtifactInputs = {
  uploadArtifact: false,
  artifactName: undefined,
  artifactRetentionDays: undefined,
};

function readArtifactInputs(context: ReadContext): ArtifactInputs | undefined {
  return complete<ArtifactInputs>({
    uploadArtifact: readValue(context, 'upload-artifact', parseUploadArtifact, 'auto' as const),
    artifactName: readValue(context, 'artifact-name', parseArtifactName, null),
    artifactRetentionDays: readValue(context, 'artifact-retention-days', integerParser(1, MAX_RETENTION_DAYS), null),
  });
}

function readStatusValues(context: ReadContext): Values<StatusInputs> {
  return {
    token: readGitHubToken(context),
    environment: readEnvironment(context),
    pullRequest: readValue(context, 'pull-request', integerParser(1, MAX_PULL_REQUEST), null),
    sha: readValue(context, 'sha', parseSha, null),
    githubDeployment: readValue(context, 'github-deployment', parseBoolean, true),
    comment: readValue(context, 'comment', parseBoolean, true),
    commentGroup: readCommentGroup(context),
    commentFooter: readValue(context, 'comment-footer', parseFooter, null),
    preview: readPreviewKind(context),
    commandPhrase: readValue(context, 'command-phrase', parsePhrase, null),
    checkRunId: readValue(context, 'check-run-id', parseId, null),
  };
}

/** `null` where it is empty; undefined when it is wrong. */
export function readGitHubToken({ source, problems }: ReadContext): string | null | undefined {
  const text = readText(source, TOKEN);
  return text === '' ? null : acceptParsed(problems, TOKEN, parseToken(text), {});
}

/** `null` when it is not given. */
export function readCommentGroup(context: ReadContext): string | null | undefined {
  return readValue(context, 'comment-group', parseGroup, null);
}

/** `null` when it is not given. */
export function readEnvironment(context: ReadContext): string | null | undefined {
  return readValue(context, 'environment', parseEnvironment, null);
}

/** `null` is an input that was not given, `undefined` one that is wrong. */
type Values<T> = { [K in keyof T]: T[K] | null | undefined };

/** Undefined if any of them is wrong. */
export function complete<T extends object>(values: Values<T>): T | undefined {
  if (Object.values(values).includes(undefined)) return undefined;
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value ?? undefined])) as unknown as T;
}

/** A header must be able to carry it. */
function parseToken(text: string): Parsed<string> {
  if (/^[\x21-\x7e]{4,}$/.test(text)) return { ok: true, value: text };
  const allowed = 'a GitHub token (the default is `github.token`); empty to show nothing on GitHub.';
  return { ok: false, reason: 'holds characters that no header can carry, or is too short', allowed };
}

/** Any name that GitHub accepts for an environment. */
export function parseEnvironment(text: string): Parsed<string> {
  const allowed = `the name of a GitHub environment: one line of at most ${MAX_ENVIRONMENT_CHARACTERS} characters.`;
  if (text.length > MAX_ENVIRONMENT_CHARACTERS) return { ok: false, reason: 'is too long', allowed };
  if (/\p{Cc}/u.test(text)) return { ok: false, reason: 'holds line breaks or control characters', allowed };
  return { ok: true, value: text };
}

function parseGroup(text: string): Parsed<string> {
  const allowed = `one line of at most ${MAX_GROUP_CHARACTERS} characters.`;
  if (text.length > MAX_GROUP_CHARACTERS) return { ok: false, reason: 'is too long', allowed };
  if (/\p{Cc}/u.test(text)) return { ok: false, reason: 'holds line breaks or control characters', allowed };
  return { ok: true, value: text };
}

function parseFooter(text: string): Parsed<string> {
  if (text.length <= MAX_FOOTER_CHARACTERS) return { ok: true, value: text };
  return { ok: false, reason: 'is too long', allowed: `Markdown of at most ${MAX_FOOTER_CHARACTERS} characters.` };
}

/** A comment's first line must be able to begin with it. */
export function parsePhrase(text: string): Parsed<string> {
  const allowed = `one line of 2 to ${MAX_PHRASE_CHARACTERS} characters.`;
  if (/\p{Cc}/u.test(text)) return { ok: false, reason: 'holds line breaks or control characters', allowed };
  const isFit = text.length >= 2 && text.length <= MAX_PHRASE_CHARACTERS;
  return isFit ? { ok: true, value: text } : { ok: false, reason: 'is too short or too long', allowed };
}

/** SHA-1 or SHA-256 in full: a short one may become ambiguous, and a branch moves. */
function parseSha(text: string): Parsed<string> {
  if (/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/i.test(text)) return { ok: true, value: text.toLowerCase() };
  return { ok: false, reason: 'is not the full hash of a commit', allowed: '40 (or 64) hexadecimal digits.' };
}

function parseUploadArtifact(text: string): Parsed<'auto' | boolean> {
  const auto = choiceParser(['auto'])(text);
  const parsed = auto.ok ? auto : parseBoolean(text);
  return parsed.ok ? parsed : { ...parsed, reason: 'is not one of the choices', allowed: 'auto, true or false.' };
}

/** The characters that GitHub refuses in an artifact's name, and what would make a strange file of it. */
function parseArtifactName(text: string): Parsed<string> {
  const allowed = `a file name of at most ${MAX_ARTIFACT_NAME_CHARACTERS} characters, without " : < > | * ? \\ / and control characters.`;
  if (text.length > MAX_ARTIFACT_NAME_CHARACTERS) return { ok: false, reason: 'is too long', allowed };
  if (/[":<>|*?\\/\p{Cc}]/u.test(text) || /^\.+$/.test(text)) {
    return { ok: false, reason: 'cannot be the name of an artifact', allowed };
  }
  return { ok: true, value: /\.zip$/i.test(text) ? text : `${text}.zip` };
}
