import * as z from 'zod/mini';
import type { Answer } from '../../answers.ts';
import { createDataAnswer } from '../../answers.ts';
import { ANSWER_FAULTS, STATUS_AFTER_WORK } from '../../faults/answer-faults.ts';
import { findLeaks } from '../../leaks.ts';
import { text } from '../../schema.ts';
import type { Exchange, ServiceContext } from '../../service.ts';
import { controlRoute, defineService } from '../../service.ts';
import type { Scope, StoreEndpoint, StoreRequest } from '../../store-api.ts';
import { hosting } from '../hosting/index.ts';
import { Channels } from './channels.ts';
import type { Channel } from './records.ts';

interface ChannelEndpoint extends StoreEndpoint {
  answer(channels: Channels, request: StoreRequest): Answer;
}

interface ChannelMembers {
  readonly channels: {
    readonly list: readonly Channel[];
    /** One more channel; of the platform `catalyst` unless another one is given. */
    add(name: string, platform?: string): Channel;
  };
}

const PATH = '/stores/:storeHash/v3/channels';
/** Of the vendor's gateway for its tool, which is a host of its own there. */
const TOOL_PATH = '/stores/:storeHash/cli-api/v3/channels';
const BOTH: readonly Scope[] = ['store_channel_settings', 'store_sites'];
const SITE = { scopes: BOTH, needsAllScopes: true } as const;

const ENDPOINTS = [
  {
    call: 'listChannels',
    method: 'GET',
    path: PATH,
    scopes: ['store_channel_settings'],
    answer: (channels) => channels.answerList(),
  },
  {
    call: 'getChannelSite',
    method: 'GET',
    path: `${PATH}/:id/site`,
    ...SITE,
    answer: (channels, { param }) => channels.answerSite(param('id')),
  },
  {
    call: 'setChannelSite',
    method: 'PUT',
    path: `${PATH}/:id/site`,
    ...SITE,
    answer: (channels, { param, body }) => channels.answerSetSite(param('id'), body),
  },
  {
    call: 'setCheckoutUrl',
    method: 'PUT',
    path: `${PATH}/:id/site/checkout-url`,
    ...SITE,
    answer: (channels, { param, body }) => channels.answerSetCheckout(param('id'), body),
  },
  {
    call: 'deleteCheckoutUrl',
    method: 'DELETE',
    path: `${PATH}/:id/site/checkout-url`,
    ...SITE,
    answer: (channels, { param }) => channels.answerDeleteCheckout(param('id')),
  },
  {
    call: 'channelEligibility',
    method: 'GET',
    path: `${TOOL_PATH}/catalyst/eligibility`,
    scopes: [],
    answer: () => createDataAnswer({ eligible: true, message: 'The store can have another channel.' }),
  },
  {
    call: 'initChannel',
    method: 'GET',
    path: `${TOOL_PATH}/:id/init`,
    scopes: [],
    answer: (channels, { param }) => channels.answerInit(param('id')),
  },
  {
    call: 'createChannel',
    method: 'POST',
    path: `${TOOL_PATH}/catalyst`,
    scopes: [],
    answer: (channels, { body }) => channels.answerCreate(body),
  },
] as const satisfies readonly ChannelEndpoint[];

/** The store's channels, and the sites at which their storefronts are (API document, section 1, table of calls). */
export const channels = defineService({
  name: 'channels',
  owner: 'BigCommerce',
  endpoints: ENDPOINTS,
  faults: [...ANSWER_FAULTS, STATUS_AFTER_WORK],
  control: [
    controlRoute({
      method: 'POST',
      path: 'channels',
      help: '{"name", "platform"?}: one more channel',
      body: z.object({ name: text, platform: z.optional(text) }),
      run: (members: ChannelMembers, { name, platform }) => members.channels.add(name, platform),
    }),
  ],
  start: (context: ServiceContext, _options: object) => {
    const { api, members: store } = hosting.of(context);
    const state = new Channels(store.storeHash);
    const members: ChannelMembers = {
      channels: { list: state.list, add: (name, platform) => state.add(name, platform) },
    };
    return {
      members,
      answer: (exchange: Exchange<ChannelEndpoint>) =>
        api.answer(exchange, { answer: (request) => exchange.endpoint.answer(state, request) }),
      violations: (exchange: Exchange, foreign) => findLeaks(exchange, foreign, 'BigCommerce'),
      state: () => ({ channels: state.list }),
    };
  },
});
