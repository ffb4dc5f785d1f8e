import type { Page } from 'playwright-core';
import { CONTENT_ID } from '../render-page.ts';

export interface Measured {
  /** Of all that is shown, its margins included. */
  heightPx: number;
  /** What a reader cannot see without scrolling sideways: the element, and how its text begins. */
  cutOff: readonly string[];
}

/** In the browser: elements whose content is wider than they are, or that are wider than the window; the innermost ones. */
const MEASURE = `(() => {
  const content = document.getElementById(${JSON.stringify(CONTENT_ID)});
  const width = document.documentElement.clientWidth;
  const isCutOff = (element) =>
    element.closest('svg') === null &&
    element.checkVisibility() &&
    ((element.clientWidth > 0 && element.scrollWidth > element.clientWidth + 1) ||
      element.getBoundingClientRect().right > width + 1);
  const found = [...content.querySelectorAll('*')].filter(isCutOff);
  const boxes = found.map((element) => element.closest('table, pre') ?? element);
  const innermost = [...new Set(boxes)].filter((box) => !boxes.some((other) => other !== box && box.contains(other)));
  return {
    heightPx: Math.ceil(content.getBoundingClientRect().height),
    cutOff: innermost.map((box) => box.tagName.toLowerCase() + ': ' + box.textContent.trim().replace(/\\s+/g, ' ').slice(0, 60)),
  };
})()`;

export async function measurePage(page: Page): Promise<Measured> {
  return await page.evaluate<Measured>(MEASURE);
}

/** Opens all that is folded. @returns whether something was */
export async function openFolds(page: Page): Promise<boolean> {
  return await page.evaluate<boolean>(`(() => {
    const folds = [...document.querySelectorAll('details:not([open])')];
    for (const fold of folds) fold.open = true;
    return folds.length > 0;
  })()`);
}
