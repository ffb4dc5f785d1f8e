/** `npm run looks`: pictures of all that the actions show on GitHub; see arguments.ts. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { startBrowser } from '../browser.ts';
import { readArguments } from '../command-line.ts';
import { runPool } from '../run-pool.ts';
import { chooseKinds, type LooksArguments, parseArguments, USAGE } from './arguments.ts';
import { findProblems, type Judged } from './judge.ts';
import type { Kind } from './kind.ts';
import { KINDS } from './kinds/index.ts';
import { playKind } from './play.ts';
import { type KindResult, renderTable, writeIndex } from './report.ts';
import { takeLooks } from './take-looks.ts';

/** @returns whether nothing is wrong */
async function main({ only, to, isList }: LooksArguments): Promise<boolean> {
  const kinds = chooseKinds(KINDS, only);
  if (isList) {
    for (const { name } of kinds) console.log(name);
    return true;
  }
  rmSync(to, { recursive: true, force: true });
  mkdirSync(to, { recursive: true });
  const browser = await startBrowser();
  const results = new Map<string, KindResult>();
  try {
    await runPool(kinds, availableParallelism(), async (kind) => {
      results.set(kind.name, await lookAt(browser, to, kind));
    });
  } finally {
    await browser.close();
  }
  return report(
    to,
    kinds.flatMap(({ name }) => results.get(name) ?? []),
  );
}

async function lookAt(browser: Browser, folder: string, kind: Kind): Promise<KindResult> {
  const { name } = kind;
  const slug = name.replaceAll(/[^\w-]+/g, '-');
  const judged: Judged[] = [];
  try {
    const { run, documents } = await playKind(kind);
    writeFileSync(join(folder, `${slug}.log`), `${run.lines.join('\n')}\n${run.stderr}`);
    for (const document of documents) {
      judged.push({ document, looks: await takeLooks(browser, folder, `${slug}-${document.name}`, document) });
    }
    return { name, judged, problems: findProblems(kind, run, judged) };
  } catch (error) {
    return { name, judged, problems: [error instanceof Error ? (error.stack ?? error.message) : String(error)] };
  }
}

function report(folder: string, results: readonly KindResult[]): boolean {
  writeIndex(folder, results);
  console.log(renderTable(results));
  const bad = results.filter(({ problems }) => problems.length > 0);
  for (const { name, problems } of bad) {
    console.log(`\n✗ ${name}`);
    for (const problem of problems) console.log(`    ${problem}`);
  }
  console.log(
    `\n${results.length} kinds, ${bad.length} with problems: ${pathToFileURL(join(folder, 'index.html')).href}`,
  );
  return bad.length === 0;
}

try {
  process.exitCode = (await main(readArguments(parseArguments, USAGE))) ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
