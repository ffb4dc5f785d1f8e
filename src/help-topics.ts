/**
 * What a failure may say more about: the headings of docs/troubleshooting.md. A test holds the two together: each topic has
 * its heading there, each heading its topic.
 */

interface Topic {
  /** Word for word; GitHub makes the topic, its anchor, from it. */
  heading: string;
  /** The end of "More on …". */
  about: string;
}

const TOPICS = {
  '401-access-token-refused': { heading: '401: access token refused', about: '401' },
  '403-access-denied': { heading: '403: access denied', about: '403' },
  '404-not-found': { heading: '404: not found', about: '404' },
} as const satisfies Readonly<Record<string, Topic>>;

/** An anchor of docs/troubleshooting.md. */
export type HelpTopic = keyof typeof TOPICS;

export const HELP_TOPICS: Readonly<Record<HelpTopic, Topic>> = TOPICS;
