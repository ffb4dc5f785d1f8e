import { HELP_TOPICS, type HelpTopic } from '../help-topics.ts';

const PAGE = 'docs/troubleshooting.md';
const GITHUB = 'https://github.com';

/** Where the documentation says more. */
export interface Help {
  /** "More on 401"; where there is no address, the page and its heading. */
  words: string;
  url?: string | undefined;
}

/**
 * The troubleshooting page of the action's own version; undefined where its address is not known: with `uses: ./`, and on
 * GitHub Enterprise Server, which may have taken the action from anywhere.
 */
export function readHelpPage(env: Readonly<Record<string, string | undefined>>): string | undefined {
  const { GITHUB_SERVER_URL = '', GITHUB_ACTION_REPOSITORY = '', GITHUB_ACTION_REF = '' } = env;
  if (GITHUB_SERVER_URL !== '' && GITHUB_SERVER_URL !== GITHUB) return undefined;
  if (!/^[\w.-]{1,100}\/[\w.-]{1,100}$/.test(GITHUB_ACTION_REPOSITORY)) return undefined;
  if (!/^[\w./-]{1,200}$/.test(GITHUB_ACTION_REF)) return undefined;
  return `${GITHUB}/${GITHUB_ACTION_REPOSITORY}/blob/${GITHUB_ACTION_REF}/${PAGE}`;
}

/** @param page see `readHelpPage` */
export function helpOn(topic: HelpTopic, page: string | undefined): Help {
  const { heading, about } = HELP_TOPICS[topic];
  if (page === undefined) return { words: `More in ${PAGE}, "${heading}"` };
  return { words: `More on ${about}`, url: `${page}#${topic}` };
}
