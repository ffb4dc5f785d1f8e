import { createXmlErrorAnswer } from '../../answers.ts';
import { ANSWER_FAULTS } from '../../faults/answer-faults.ts';
import { findLeaks } from '../../leaks.ts';
import { drain } from '../../request-body.ts';
import { numberText } from '../../schema.ts';
import { createFaultAnswer } from '../../sending.ts';
import type { Exchange, ServiceContext } from '../../service.ts';
import { defineService, serviceCli, withDefaults } from '../../service.ts';
import type { UploadRecord } from './records.ts';
import { Storage } from './storage.ts';

export interface StorageOptions {
  /** Life of an upload URL (59, as on the real platform). */
  signatureLifeSeconds?: number | undefined;
}

export interface StorageMembers {
  readonly uploads: readonly UploadRecord[];
  /** Removes the stored object; a create call that names it gets a 422. */
  removeUpload(uploadUuid: string): Promise<void>;
}

/** The store behind the signed upload URLs (API document, section 1, "The upload URL"). */
export const storage = defineService({
  name: 'storage',
  owner: 'BigCommerce',
  endpoints: [{ call: 'upload', method: '*', path: '/storage/*' }],
  faults: ANSWER_FAULTS,
  cli: serviceCli({
    options: {
      'signature-life-seconds': {
        placeholder: 'S',
        help: 'life of an upload URL (59, as on the real platform)',
        schema: numberText({}),
      },
    },
    read: (values): StorageOptions => ({ signatureLifeSeconds: values['signature-life-seconds'] }),
  }),
  start: ({ directory, keptRecords: kept }: ServiceContext, options: StorageOptions) => {
    const store = new Storage({ directory, kept, ...withDefaults({ signatureLifeSeconds: 59 }, options) });
    const members: StorageMembers = {
      uploads: store.uploads,
      removeUpload: (uploadUuid) => store.remove(uploadUuid),
    };
    return {
      /** For the API that signs the URLs. */
      storage: store,
      members,
      answer: async ({ request, url, chunks, faults }: Exchange) => {
        const isHanging = faults.answer?.effect === 'hang';
        const faultAnswer = isHanging ? createError(500) : createFaultAnswer(faults.answer, createError);
        if (faultAnswer === undefined) return await store.answerUpload(request, url, chunks);
        await drain(chunks);
        return faultAnswer;
      },
      violations: (exchange, foreign) => [
        ...(exchange.request.headers['x-auth-token'] === undefined ? [] : ['X-Auth-Token was sent to storage']),
        ...findLeaks(exchange, foreign, 'storage'),
      ],
      state: () => ({ uploads: store.uploads }),
    };
  },
});

function createError(status: number) {
  return createXmlErrorAnswer(status, 'InternalError', 'A fault that was asked for.');
}
