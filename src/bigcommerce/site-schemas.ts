import * as z from 'zod/mini';
import { mapped, orMissing, orUndefined, someText } from '../schema.ts';
import { word } from './schemas.ts';

/** Answers about channels' sites and projects' domains, from unknown to typed (API document, section 1, table of calls). */

export interface ChannelSite {
  /** Where the channel's storefront is, as the platform gives it. */
  url: string;
  /** Of a checkout that was given an address of its own; undefined where it was not, or where the answer does not say. */
  customCheckoutUrl: string | undefined;
}

/** A custom domain of a project. */
export interface ProjectDomain {
  domain: string;
  /** `verified`, `pending`, `failed` or `unknown`; the platform may have other words. */
  status: string;
  /** DNS records that it asks for, as far as the answer has them. */
  records: readonly DnsRecord[];
}

export interface DnsRecord {
  type: string;
  /** What the record is of. */
  name: string;
  value: string;
}

const MAX_URL_CHARS = 2000;
const CHECKOUT = 'checkout';
/** Printable, without white space: it goes into the log, and into somebody's DNS. */
const dnsText = z.string().check(z.regex(/^[\p{L}\p{N}._*=:/+-]{1,300}$/u));

const siteUrl = mapped(z.object({ url: someText, type: word }), ({ url, type }) => ({ url, type }));

const channelSite = mapped(
  z.object({
    data: z.object({
      url: someText,
      is_checkout_url_customized: orMissing(z.boolean()),
      urls: orMissing(z.array(z.catch(z.nullable(siteUrl), null))),
    }),
  }),
  ({ data }): ChannelSite => {
    const checkout = (data.urls ?? []).find((one) => one?.type === CHECKOUT);
    return {
      url: data.url.slice(0, MAX_URL_CHARS),
      customCheckoutUrl: data.is_checkout_url_customized === true ? checkout?.url.slice(0, MAX_URL_CHARS) : undefined,
    };
  },
);

const ownership = orMissing(z.object({ type: word, name: dnsText, value: dnsText }));

const projectDomain = mapped(
  z.object({
    domain: dnsText,
    verification_status: orUndefined(word),
    pointing_records: orMissing(
      z.object({ a_record_value: orMissing(dnsText), cname_record_value: orMissing(dnsText) }),
    ),
    meta: orMissing(z.object({ ownership_verification: ownership })),
    ownership_verification: ownership,
  }),
  ({ domain, verification_status, pointing_records, meta, ownership_verification }): ProjectDomain => {
    const { a_record_value: a, cname_record_value: cname } = pointing_records ?? {};
    const records = [
      a && { type: 'A', name: domain, value: a },
      cname && { type: 'CNAME', name: domain, value: cname },
      ownership_verification ?? meta?.ownership_verification,
    ];
    return { domain, status: verification_status ?? 'unknown', records: records.filter((one) => !!one) };
  },
);

const domains = mapped(
  z.object({
    data: z.array(z.catch(z.nullable(projectDomain), null)),
    meta: orMissing(z.object({ ownership_verification: ownership })),
  }),
  ({ data, meta }): ProjectDomain[] => {
    const found = data.filter((one) => one !== null);
    const record = meta?.ownership_verification;
    // Beside a list, it is that of the domain which it names: `_ownership.shop.example` of `shop.example`.
    return found.map((one) =>
      record?.name.endsWith(`.${one.domain}`) ? { ...one, records: [...one.records, record] } : one,
    );
  },
);

export const parseSite = (value: unknown) => channelSite.parse(value);
export const parseDomains = (value: unknown) => domains.parse(value);
