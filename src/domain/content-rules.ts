/** What a file's content may not hold, whatever its name. */

import type { ForbiddenValue } from './bundle.ts';
import { printableName } from './bundle-names.ts';
import { ForbiddenValueScanner, PrivateKeyScanner, ProjectFileScanner } from './content-scanners.ts';

/** Sentences about one file, without its name and without what to do. No value is ever part of one. */
export interface ContentFindings {
  problems: string[];
  warnings: string[];
}

/** Looks through one file as its bytes stream past: `push` every chunk in order, then `finish` once. */
export class ContentInspector {
  readonly #privateKey = new PrivateKeyScanner();
  readonly #values: ForbiddenValueScanner;
  readonly #projectFile: ProjectFileScanner | undefined;
  readonly #name: string;

  /** @param name relative to `output/` */
  constructor(name: string, forbidden: readonly ForbiddenValue[]) {
    this.#name = name;
    this.#values = new ForbiddenValueScanner(forbidden);
    this.#projectFile = /(?:^|\/)project\.json$/i.test(name) ? new ProjectFileScanner() : undefined;
  }

  push(chunk: Buffer): void {
    this.#privateKey.push(chunk);
    this.#values.push(chunk);
    this.#projectFile?.push(chunk);
  }

  /** What was found. Problems start with the file's name and leave room for what to do about them. */
  finish(): ContentFindings {
    this.#privateKey.finish();
    const file = printableName(this.#name);
    const found: ContentFindings = { problems: [], warnings: [] };
    if (this.#privateKey.found) found.problems.push(`${file}: it holds a private key, which is not deployed.`);
    if (this.#projectFile?.holdsAccessToken() === true) {
      found.problems.push(`${file}: it holds an accessToken; the project's settings are not deployed.`);
    }
    for (const { label, severity } of this.#values.found) {
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
