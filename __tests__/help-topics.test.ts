/** The topics that a failure may name, and the headings of the troubleshooting page: neither without the other. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { headingAnchor } from '../scripts/markdown-links.ts';
import { HELP_TOPICS, type HelpTopic } from '../src/help-topics.ts';

const PAGE = readFileSync('docs/troubleshooting.md', 'utf8');
const HEADINGS = [...PAGE.matchAll(/^### (.+)$/gm)].map(([, heading]) => heading);
const TOPICS = Object.entries(HELP_TOPICS);
/** Nothing that fails by an ActionError: a Node.js that cannot run the action. */
const NOT_NAMED: readonly HelpTopic[] = ['nodejs-too-old'];

test('each topic has its heading, and each heading of this level its topic', () => {
  expect(HEADINGS.toSorted()).toEqual(TOPICS.map(([, { heading }]) => heading).toSorted());
});

test.each(TOPICS)('%s is the anchor that GitHub makes of its heading', (topic, { heading }) => {
  expect(headingAnchor(heading)).toBe(topic);
});

test('each topic is named by a failure', () => {
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter(
    (path) => path.endsWith('.ts') && path !== 'help-topics.ts',
  );
  const source = files.map((path) => readFileSync(join('src', path), 'utf8')).join('\n');
  const unnamed = TOPICS.map(([topic]) => topic).filter((topic) => !source.includes(`topic: '${topic}'`));
  // One for each code of the platform.
  expect(unnamed.filter((topic) => !topic.startsWith('deployment-failed-')).toSorted()).toEqual(NOT_NAMED.toSorted());
});
