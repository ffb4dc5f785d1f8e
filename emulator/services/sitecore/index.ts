import type { BodyAnswer } from '../../answers.ts';
import { STATUS_AFTER_WORK } from '../../faults/answer-faults.ts';
import { carriesAny } from '../../leaks.ts';
import { drain, readJsonBody } from '../../request-body.ts';
import { createFaultAnswer } from '../../sending.ts';
import type { Credentials, Exchange, ServiceContext } from '../../service.ts';
import { defineService } from '../../service.ts';
import { createBatchError } from './api-answers.ts';
import { sitecoreCli } from './cli.ts';
import { SITECORE_CONTROL } from './control.ts';
import type { SitecoreEndpoint } from './endpoints.ts';
import { SITECORE_ENDPOINTS } from './endpoints.ts';
import { SITECORE_FAULTS } from './faults.ts';
import { createSitecoreMembers } from './members.ts';
import type { SitecoreOptions } from './options.ts';
import { createSitecoreSettings } from './options.ts';
import { Sitecore } from './sitecore.ts';
import { createStoreStatus } from './store-answers.ts';

/** The Batch API of Sitecore CDP (API document, section 3), whose base URL is the origin of the emulator. */
export const sitecore = defineService({
  name: 'sitecore',
  owner: 'Sitecore CDP',
  endpoints: SITECORE_ENDPOINTS,
  faults: SITECORE_FAULTS,
  cli: sitecoreCli,
  control: SITECORE_CONTROL,
  start: (context: ServiceContext, options: { sitecore?: SitecoreOptions | undefined }) => {
    const state = new Sitecore(context, createSitecoreSettings(options.sitecore ?? {}));
    return {
      members: { sitecore: createSitecoreMembers(state, context.origin) },
      credentials: { subject: 'The credentials of Sitecore CDP were', list: () => state.credentials },
      answer: (exchange: Exchange<SitecoreEndpoint>) => answer(state, exchange),
      violations: (exchange: Exchange<SitecoreEndpoint>, foreign) => findViolations(exchange, state, foreign),
      state: () => ({ batches: state.batches.list }),
      close: () => state.batches.close(),
    };
  },
});

async function answer(state: Sitecore, exchange: Exchange<SitecoreEndpoint>): Promise<BodyAnswer> {
  const { endpoint, request, record, chunks, faults } = exchange;
  const { isStore } = endpoint;
  const createError = isStore ? createStoreStatus : createBatchError;
  const isBodyInvalid = !isStore && (await readJsonBody(chunks, record)) === 'invalid';
  // A request that gets no answer does no work either: the client can draw no conclusion from it.
  const isHanging = faults.answer?.effect === 'hang';
  const faultAnswer = isHanging ? createError(500) : createFaultAnswer(faults.answer, createError);
  if (faultAnswer !== undefined) {
    if (isStore) await drain(chunks);
    return faultAnswer;
  }
  const denial = isStore ? undefined : state.checkAccess(request);
  const done = denial ?? (await endpoint.answer(state, exchange, isBodyInvalid));
  const failure = faults.find(STATUS_AFTER_WORK);
  return failure === undefined ? done : createError(failure.status);
}

/** What a request to the API, or to its store, carries that it must not. */
function findViolations(
  { endpoint, record }: Exchange<SitecoreEndpoint>,
  { credentials }: Sitecore,
  foreign: readonly Credentials[],
): string[] {
  const place = endpoint.isStore ? 'the store of Sitecore CDP' : 'Sitecore CDP';
  const isForeign = carriesAny(
    record,
    foreign.flatMap((one) => one.list()),
  );
  const hasAuthorization = endpoint.isStore && record.headers['authorization'] !== undefined;
  return [
    ...(hasAuthorization ? [`Authorization was sent to ${place}`] : []),
    ...(endpoint.isStore && carriesAny(record, credentials)
      ? ['The credentials of Sitecore CDP were sent to its store']
      : []),
    ...(isForeign ? [`A foreign token was sent to ${place}`] : []),
  ];
}
