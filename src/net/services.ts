import type { HelpTopic } from '../help-topics.ts';

/** Who answers a call, in the words of titles. */
export interface Service {
  /** "BigCommerce" */
  name: string;
  /** What a 401 is about: "the access token". */
  credentials: string;
}

export const BIGCOMMERCE: Service = { name: 'BigCommerce', credentials: 'the access token' };
export const SITECORE_CDP: Service = { name: 'Sitecore CDP', credentials: 'the client key or the API token' };
export const GITHUB: Service = { name: 'GitHub', credentials: 'the token' };
export const STORAGE: Service = { name: 'The storage', credentials: 'the signed URL' };
export const ARTIFACT_STORAGE: Service = { name: "GitHub's artifact storage", credentials: 'the signed URL' };
/** Where nobody said who it is. */
export const SERVER: Service = { name: 'The server', credentials: 'the credentials' };

interface Words {
  title: string;
  topic: HelpTopic;
}

/** Without the status, which follows in parentheses. @param isForeign the body is not the service's own */
export function refusalWords({ name, credentials }: Service, status: number, isForeign: boolean): Words {
  if (isForeign && status >= 400 && status < 500) {
    return { title: 'A firewall or proxy may have blocked the request', topic: 'an-answer-of-a-firewall-or-proxy' };
  }
  switch (status) {
    case 207:
      return { title: `${name} carried out only a part of the request`, topic: '207-only-a-part-was-carried-out' };
    case 401:
      return { title: `${name} refused ${credentials}`, topic: '401-access-token-refused' };
    case 403:
      return { title: `${name} denied access`, topic: '403-access-denied' };
    case 404:
      return { title: `${name} answered "not found"`, topic: '404-not-found' };
    case 409:
      return { title: `${name} reports a conflict`, topic: '409-conflict' };
    case 413:
    case 414:
      return { title: `${name} does not accept so much at once`, topic: '413-too-much-at-once' };
    case 423:
      return { title: `${name} has locked what was to be changed`, topic: '423-locked' };
    case 429:
      return {
        title: `The rate limit of ${name} was reached`.replace(' The ', ' the '),
        topic: '429-rate-limit-reached',
      };
    case 507:
      return { title: `${name} has no room for it`, topic: '507-limit-of-the-plan-reached' };
    default:
      if (status >= 500) return { title: `${name} had a fault`, topic: '5xx-fault-of-the-service' };
      if (status < 400)
        return { title: `${name} answered with a redirect`, topic: '3xx-redirect-instead-of-an-answer' };
      return { title: `${name} rejected the request`, topic: '422-request-rejected' };
  }
}

/** @param wasSent the request left, or may have */
export function networkWords({ name }: Service, wasSent: boolean): Words {
  const topic = 'no-connection-or-no-answer';
  return { title: wasSent ? `${name} gave no usable answer` : `${name} could not be reached`, topic };
}

/** What to do is all that a reader needs to know; of others, the answer itself says what is wrong. */
export function isExplained(status: number): boolean {
  return [401, 403, 404, 429].includes(status) || (status >= 500 && ![501, 505, 507, 511].includes(status));
}
