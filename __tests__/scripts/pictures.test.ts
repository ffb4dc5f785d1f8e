import { expect, test } from '@jest/globals';
import { findChromium } from '../../scripts/browser.ts';
import { renderPage } from '../../scripts/render-page.ts';

test('a comment is in a box, where line breaks count; a summary is by itself', () => {
  expect(renderPage('x', '### Title\n\na\nb', 'comment')).toMatch(
    /github-actions[\s\S]*<h3>Title<\/h3>\n<p>a<br>b<\/p>/,
  );
  expect(renderPage('x', 'a\nb')).not.toMatch(/github-actions|a<br>b/);
});

test('a browser is the one that CHROMIUM names, or one on PATH; without one the error says what to do', () => {
  expect(findChromium({ CHROMIUM: '/opt/browser', PATH: '' })).toBe('/opt/browser');
  expect(() => findChromium({ PATH: import.meta.dirname })).toThrow(/apt-get install chromium.*CHROMIUM/);
});
