/** What no file's content may hold, regardless of its name. */

import type { BundleOrigin } from './bundle.ts';
import { asClause, bundleLabel, leavingOut } from './bundle-advice.ts';
import { type BundleTraits, createTraitScanner, TRAIT_CONTEXT_BYTES, type TraitScanner } from './bundle-traits.ts';
import { unnamedModuleWarning } from './bundle-worker.ts';
import { ForbiddenValueScanner, type ForbiddenValues, NameScanner, ProjectFileScanner } from './content-scanners.ts';
import { PrivateKeyScanner } from './private-keys.ts';

/** Sentences about one file: what was found, and what to do about it. No value is ever part of one. */
export interface ContentFindings {
  problems: string[];
  warnings: string[];
}

/** A file whose bytes are to be searched. */
export interface InspectedContent {
  /** Relative to the packaged folder, or to `output/` in a zip. */
  name: string;
  origin: BundleOrigin;
  forbidden: ForbiddenValues;
  /** The modules beside worker.js; only for worker.js itself, which is to name them. */
  modules?: readonly string[] | undefined;
}

/** Searches one file as its bytes stream past: `look` at every window in order, then `finish` once. */
export class ContentInspector {
  readonly #privateKey = new PrivateKeyScanner();
  readonly #values: ForbiddenValueScanner;
  readonly #modules: NameScanner | undefined;
  /** Of what came before, in bytes: so much has to be at the start of a window. */
  readonly contextBytes: number;
  readonly #projectFile: ProjectFileScanner | undefined;
  readonly #traits: TraitScanner | undefined;
  readonly #content: InspectedContent;

  constructor(content: InspectedContent) {
    const { name, forbidden, modules } = content;
    this.#content = content;
    this.#values = new ForbiddenValueScanner(forbidden);
    this.contextBytes = Math.max(PrivateKeyScanner.contextBytes, forbidden.contextBytes, TRAIT_CONTEXT_BYTES);
    // A longer name would need more context; no file system has one.
    const named = modules?.filter((module) => Buffer.byteLength(module) <= this.contextBytes);
    this.#modules = named && new NameScanner(named);
    this.#projectFile = isProjectFile(name) ? new ProjectFileScanner() : undefined;
    this.#traits = createTraitScanner(name);
  }

  /** What the file says of the storefront. */
  get traits(): BundleTraits {
    return this.#traits?.traits ?? {};
  }

  /**
   * @param window the last `contextBytes` of the bytes before (all, where there were fewer), and the fresh ones
   * @param freshBytes how many of its bytes, at its end, are fresh
   * @param isLast whether the file ends here
   */
  look(window: Buffer, freshBytes: number, isLast: boolean): void {
    this.#privateKey.look(window, isLast);
    this.#values.look(window);
    this.#modules?.look(window);
    const fresh = window.subarray(window.length - freshBytes);
    this.#projectFile?.push(fresh);
    this.#traits?.look(window, fresh);
  }

  /** What was found, each sentence with the file's name and what to do. */
  finish(): ContentFindings {
    const found: ContentFindings = { problems: [], warnings: [] };
    const values = this.#values.found;
    const unnamed = this.#modules?.missing ?? [];
    const holdsToken = this.#projectFile?.holdsAccessToken() === true;
    // As in nearly every file: the rest adds up over a thousand files.
    if (!this.#privateKey.found && !holdsToken && values.length === 0 && unnamed.length === 0) return found;
    const { name, origin } = this.#content;
    const file = bundleLabel(name, origin);
    const out = leavingOut({ name, kind: 'file' }, origin);
    if (this.#privateKey.found) {
      found.problems.push(
        `${file}: it holds a private key, which is not deployed. ${out ?? rebuildAdvice('the key', out)}`,
      );
    }
    if (holdsToken) {
      found.problems.push(`${file}: it holds an accessToken; the project's settings are not deployed. ${out}`);
    }
    for (const { label, severity } of values) {
      if (severity === 'refuse') {
        const remedy = rebuildAdvice(label, out);
        found.problems.push(`${file}: the value of ${label} was found in it; it is never deployed. ${remedy}`);
      } else {
        found.warnings.push(
          `${file}: the value of ${label} was found in it. What the build embeds is in every copy of the bundle; ` +
            'check that this is meant.',
        );
      }
    }
    found.warnings.push(...unnamed.map((module) => unnamedModuleWarning(module, origin)));
    return found;
  }
}

/** In any case of letters: some file systems make no difference. */
function isProjectFile(name: string): boolean {
  return name.slice(name.lastIndexOf('/') + 1).toLowerCase() === 'project.json';
}

/** A build writes what its `.env` files hold into worker.js and its map: left out, worker.js would be missed. */
function rebuildAdvice(secret: string, leaveOut: string | undefined): string {
  const rebuild = `ake it out of what the build reads (.env files above all), build again, and replace ${secret}`;
  return leaveOut === undefined
    ? `T${rebuild}.`
    : `If the build put it there, t${rebuild}; if not, ${asClause(leaveOut)}`;
}

/**
 * Shows an inspector bytes that come in chunks of any size. One buffer, used again, holds each window, since a new one
 * for each chunk would pile up outside of the heap faster than it is collected.
 */
export class ChunkWindow {
  readonly #inspector: ContentInspector;
  #buffer: Buffer = Buffer.alloc(0);
  #retainedBytes = 0;

  constructor(inspector: ContentInspector) {
    this.#inspector = inspector;
  }

  push(chunk: Buffer): void {
    this.#look(chunk, false);
  }

  /** Call this after the last chunk. */
  end(): void {
    this.#look(Buffer.alloc(0), true);
  }

  #look(chunk: Buffer, isLast: boolean): void {
    const bytes = this.#retainedBytes + chunk.length;
    if (bytes > this.#buffer.length) {
      const larger = Buffer.allocUnsafe(bytes);
      this.#buffer.copy(larger, 0, 0, this.#retainedBytes);
      this.#buffer = larger;
    }
    chunk.copy(this.#buffer, this.#retainedBytes);
    this.#inspector.look(this.#buffer.subarray(0, bytes), chunk.length, isLast);
    this.#retainedBytes = Math.min(bytes, this.#inspector.contextBytes);
    this.#buffer.copyWithin(0, bytes - this.#retainedBytes, bytes);
  }
}
