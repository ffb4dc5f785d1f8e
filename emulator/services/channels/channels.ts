import type { BodyAnswer } from '../../answers.ts';
import { createDataAnswer, createErrorAnswer } from '../../answers.ts';
import { readTextField } from '../../request-body.ts';
import { sharesMainDomain } from './main-domain.ts';
import type { Channel } from './records.ts';

const FIRST_SITE_ID = 1000;
const NAME = /^[\p{L}\p{N} _-]+$/u;

/** The store's storefront channels and their sites (API document, section 1, table of calls). */
export class Channels {
  readonly list: Channel[] = [];
  readonly #storeHash: string;

  /** The first channel is the default one. */
  constructor(storeHash: string) {
    this.#storeHash = storeHash;
    this.add('Catalyst Storefront');
  }

  add(name: string, platform = 'catalyst'): Channel {
    const id = this.list.length + 1;
    const canonicalUrl = `https://store-${this.#storeHash}-${id}.mybigcommerce.example`;
    const siteId = FIRST_SITE_ID + this.list.length;
    const channel = { id, name, platform, siteId, siteUrl: canonicalUrl, canonicalUrl, checkoutUrl: undefined };
    this.list.push(channel);
    return channel;
  }

  find(id: string): Channel | undefined {
    return this.list.find((channel) => `${channel.id}` === id);
  }

  /** `GET /channels`. */
  answerList(): BodyAnswer {
    const rendered = this.list.map(({ id, name, platform }) => {
      return { id, name, platform, type: 'storefront', status: 'active' };
    });
    return createDataAnswer(rendered);
  }

  /** `GET /channels/{channel_id}/site`. */
  answerSite(id: string): BodyAnswer {
    return this.#with(id, (channel) => createDataAnswer(this.#renderSite(channel)));
  }

  /** `PUT /channels/{channel_id}/site`: the answer is narrower than that of GET, it has no `urls`. */
  answerSetSite(id: string, body: unknown): BodyAnswer {
    return this.#with(id, (channel) => {
      const url = parseUrl(body);
      if (url === undefined) return createBadUrlAnswer('must be an http or https URL');
      channel.siteUrl = url.origin;
      return createDataAnswer({ id: channel.siteId, url: channel.siteUrl, channel_id: channel.id });
    });
  }

  /** `PUT /channels/{channel_id}/site/checkout-url`. */
  answerSetCheckout(id: string, body: unknown): BodyAnswer {
    return this.#with(id, (channel) => {
      const url = parseUrl(body);
      if (url?.protocol !== 'https:') return createBadUrlAnswer('must be an https URL');
      if (!sharesMainDomain(url.hostname, new URL(channel.siteUrl).hostname)) {
        return createBadUrlAnswer('must share its main domain with the storefront');
      }
      channel.checkoutUrl = url.origin;
      return createDataAnswer(this.#renderSite(channel));
    });
  }

  /** `DELETE /channels/{channel_id}/site/checkout-url`. */
  answerDeleteCheckout(id: string): BodyAnswer {
    return this.#with(id, (channel) => {
      channel.checkoutUrl = undefined;
      return createDataAnswer({});
    });
  }

  /** `GET …/cli-api/v3/channels/{channel_id}/init`: what the vendor's tool writes into `.env.local`. */
  answerInit(id: string): BodyAnswer {
    return this.#with(id, (channel) => createDataAnswer(this.#renderInit(channel)));
  }

  /** `POST …/cli-api/v3/channels/catalyst`. */
  answerCreate(body: unknown): BodyAnswer {
    const name = readTextField(body, 'name');
    if (name === undefined || name.trim() === '' || !NAME.test(name)) {
      return createErrorAnswer(422, 'Invalid request body.', { name: 'is not a valid channel name' });
    }
    const channel = this.add(name);
    return createDataAnswer({ id: channel.id, ...this.#renderInit(channel) });
  }

  #with(id: string, answer: (channel: Channel) => BodyAnswer): BodyAnswer {
    const channel = this.find(id);
    return channel === undefined ? createErrorAnswer(404, 'The channel was not found.') : answer(channel);
  }

  #renderSite(channel: Channel) {
    const { id, siteId, siteUrl, canonicalUrl, checkoutUrl } = channel;
    return {
      id: siteId,
      url: siteUrl,
      channel_id: id,
      // No site has a certificate of its own.
      ssl_status: null,
      is_checkout_url_customized: checkoutUrl !== undefined,
      urls: [
        { url: siteUrl, type: 'primary' },
        { url: canonicalUrl, type: 'canonical' },
        { url: checkoutUrl ?? (this.list[0] ?? channel).siteUrl, type: 'checkout' },
      ],
    };
  }

  #renderInit({ id }: Channel) {
    const token = `storefront-token-of-channel-${id}`;
    return {
      storefront_api_token: token,
      envVars: {
        BIGCOMMERCE_STORE_HASH: this.#storeHash,
        BIGCOMMERCE_CHANNEL_ID: id,
        BIGCOMMERCE_STOREFRONT_TOKEN: token,
      },
    };
  }
}

function createBadUrlAnswer(message: string): BodyAnswer {
  return createErrorAnswer(422, 'Invalid request body.', { url: message });
}

function parseUrl(body: unknown): URL | undefined {
  const url = URL.parse(readTextField(body, 'url') ?? '');
  return url !== null && ['http:', 'https:'].includes(url.protocol) ? url : undefined;
}
