import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Judged } from './judge.ts';

/** A kind, and what came of it. */
export interface KindResult {
  name: string;
  judged: readonly Judged[];
  problems: readonly string[];
}

/** A line for each picture's document and width, in the order of the kinds. */
export function renderTable(results: readonly KindResult[]): string {
  const rows = results.flatMap(({ name, judged }) =>
    judged.flatMap(({ document, looks }) =>
      looks.map(({ widthPx, heightPx, cutOff, cutOffInFolds }) => [
        `${name} ${document.name}`,
        `${Buffer.byteLength(document.markdown)}`,
        `${widthPx}`,
        `${heightPx}`,
        cutOff.length > 0 ? 'cut off' : cutOffInFolds.length > 0 ? 'in a fold' : '',
      ]),
    ),
  );
  const all = [['Kind', 'Bytes', 'Width', 'Height', 'Cut off'], ...rows];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  const line = ([name = '', ...cells]: readonly string[]) =>
    [name.padEnd(widths[0] ?? 0), ...cells.slice(0, 3).map((cell, index) => cell.padStart(widths[index + 1] ?? 0))]
      .concat(cells[3] ?? '')
      .join('  ')
      .trimEnd();
  return all.map(line).join('\n');
}

/** A page with all pictures, below the names of their kinds. */
export function writeIndex(folder: string, results: readonly KindResult[]): void {
  const sections = results.map(
    ({ name, judged, problems }) => `<section><h2 id="${name}">${name}</h2>
<ul class="problems">${problems.map((problem) => `<li>${escapeHtml(problem)}</li>`).join('')}</ul>
${judged.map(renderDocument).join('\n')}</section>`,
  );
  writeFileSync(
    join(folder, 'index.html'),
    `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Looks</title>
<style>
body { font: 14px/1.5 sans-serif; margin: 24px; background: #ddd; }
.pictures { display: flex; flex-wrap: wrap; gap: 12px; align-items: flex-start; }
img { max-width: 100%; box-shadow: 0 0 4px #666; }
.problems { color: #b00; }
</style>
${sections.join('\n')}
</html>
`,
  );
}

function renderDocument({ document, looks }: Judged): string {
  const pictures = looks.flatMap((look) => look.pictures);
  return `<h3>${document.name}</h3>
<div class="pictures">${pictures.map((file) => `<a href="${file}"><img loading="lazy" src="${file}" alt="${file}"></a>`).join('')}</div>`;
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
