import { parseBareUrl } from './bare-url.ts';
import { integerParser, type Parsed, parseBoolean } from './parsers.ts';
import { previewKindOf } from './preview.ts';
import { type ReadContext, readText, readValue } from './readers.ts';

/** Which site gets the address of the deployment. */
export interface SiteUrlInputs {
  channelId: number;
  /** An origin; undefined: the canonical address of the deployment. */
  url: string | undefined;
}

const UPDATE = 'update-site-url';
const CHANNEL = 'channel-id';
const URL_INPUT = 'site-url';

const ALLOWED_URL = 'a host, or an https URL without credentials, path or query, such as https://www.example.com.';

const parseChannelId = integerParser(1, Number.MAX_SAFE_INTEGER);

/** @returns undefined if an input is wrong, which is then in `problems` */
export function readSiteUrl(context: ReadContext): SiteUrlInputs | 'off' | undefined {
  const { source, problems } = context;
  const isUpdated = readValue(context, UPDATE, parseBoolean, false);
  const channelId = readValue(context, CHANNEL, parseChannelId, 0);
  const url = readValue(context, URL_INPUT, parseSiteUrl, '');
  if (isUpdated === undefined || channelId === undefined || url === undefined) return undefined;
  if (!isUpdated) {
    for (const input of [CHANNEL, URL_INPUT]) {
      if (readText(source, input) !== '') problems.warn(`${input}: it is ignored, since \`${UPDATE}\` is false.`);
    }
    return 'off';
  }
  if (channelId === 0) {
    problems.add({
      input: CHANNEL,
      problem: `It is not given, and \`${UPDATE}\` is true.`,
      remedy: `Give the id of the channel whose site is meant: for a Catalyst storefront, its BIGCOMMERCE_CHANNEL_ID.`,
    });
    return undefined;
  }
  const preview = previewKindOf(source);
  if (preview !== undefined && preview !== false) {
    problems.add({
      input: UPDATE,
      problem: `It is true, and \`preview\` is "${preview}": it would send the shoppers of the channel to a preview.`,
      remedy: 'Set it to `true` for production alone.',
    });
    return undefined;
  }
  return { channelId, url: url === '' ? undefined : url };
}

/** The address of a site, as an origin. A host alone stands for https. */
export function parseSiteUrl(text: string): Parsed<string> {
  const parsed = parseBareUrl(text, ALLOWED_URL);
  if (!parsed.ok) return parsed;
  const { protocol, hostname, origin } = parsed.value;
  // The embedded platform serves storefronts under `.localhost`, without TLS.
  const isLocal = hostname.endsWith('.localhost');
  if (protocol === 'http:' && !isLocal) return { ok: false, reason: 'is not https', allowed: ALLOWED_URL };
  if (!hostname.includes('.')) return { ok: false, reason: 'is not a public host name', allowed: ALLOWED_URL };
  return { ok: true, value: origin };
}
