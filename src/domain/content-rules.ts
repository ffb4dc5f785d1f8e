/** What a file's content may not hold, whatever its name. */

import { printableName } from './bundle-names.ts';
import { ForbiddenValueScanner, type ForbiddenValues, ProjectFileScanner } from './content-scanners.ts';
import { PrivateKeyScanner } from './private-keys.ts';

/** Sentences about one file, without its name and without what to do. No value is ever part of one. */
export interface ContentFindings {
  problems: string[];
  warnings: string[];
}

/** Looks through one file as its bytes come past: `look` at every window in order, then `finish` once. */
export class ContentInspector {
  readonly #privateKey = new PrivateKeyScanner();
  readonly #values: ForbiddenValueScanner;
  /** Of what came before, in bytes: so much has to stand at the start of a window. */
  readonly contextBytes: number;
  readonly #projectFile: ProjectFileScanner | undefined;
  readonly #name: string;

  /** @param name relative to `output/` */
  constructor(name: string, forbidden: ForbiddenValues) {
    this.#name = name;
    this.#values = new ForbiddenValueScanner(forbidden);
    this.contextBytes = Math.max(PrivateKeyScanner.contextBytes, forbidden.contextBytes);
    this.#projectFile = /(?:^|\/)project\.json$/i.test(name) ? new ProjectFileScanner() : undefined;
  }

  /**
   * @param window the last `contextBytes` of the bytes before (all, where there were fewer), and the fresh ones
   * @param freshBytes so many of its bytes, at its end, are fresh
   * @param isLast whether the file ends here
   */
  look(window: Buffer, freshBytes: number, isLast: boolean): void {
    this.#privateKey.look(window, isLast);
    this.#values.look(window);
    this.#projectFile?.push(window.subarray(window.length - freshBytes));
  }

  /** What was found. Problems start with the file's name and leave room for what to do about them. */
  finish(): ContentFindings {
    const found: ContentFindings = { problems: [], warnings: [] };
    const values = this.#values.found;
    const holdsToken = this.#projectFile?.holdsAccessToken() === true;
    // As in nearly every file: the rest is not for nothing when there are a thousand.
    if (!this.#privateKey.found && !holdsToken && values.length === 0) return found;
    const file = printableName(this.#name);
    if (this.#privateKey.found) found.problems.push(`${file}: it holds a private key, which is not deployed.`);
    if (holdsToken) found.problems.push(`${file}: it holds an accessToken; the project's settings are not deployed.`);
    for (const { label, severity } of values) {
      if (severity === 'refuse')
        found.problems.push(`${file}: the value of ${label} was found in it; it is never deployed.`);
      else {
        found.warnings.push(
          `${file}: the value of ${label} was found in it. What the build embeds is in every copy of the bundle; ` +
            'check that this is meant.',
        );
      }
    }
    return found;
  }
}

/**
 * Shows an inspector bytes that come in chunks of any size. One buffer, used again, holds each window, since a new one
 * for each chunk would pile up outside of the heap faster than it is collected.
 */
export class ChunkWindow {
  readonly #inspector: ContentInspector;
  #buffer: Buffer = Buffer.alloc(0);
  #keptBytes = 0;

  constructor(inspector: ContentInspector) {
    this.#inspector = inspector;
  }

  push(chunk: Buffer): void {
    this.#look(chunk, false);
  }

  /** To be called after the last chunk. */
  end(): void {
    this.#look(Buffer.alloc(0), true);
  }

  #look(chunk: Buffer, isLast: boolean): void {
    const bytes = this.#keptBytes + chunk.length;
    if (bytes > this.#buffer.length) {
      const larger = Buffer.allocUnsafe(bytes);
      this.#buffer.copy(larger, 0, 0, this.#keptBytes);
      this.#buffer = larger;
    }
    chunk.copy(this.#buffer, this.#keptBytes);
    this.#inspector.look(this.#buffer.subarray(0, bytes), chunk.length, isLast);
    this.#keptBytes = Math.min(bytes, this.#inspector.contextBytes);
    this.#buffer.copyWithin(0, bytes - this.#keptBytes, bytes);
  }
}
