import { ANSWER_FAULTS, STATUS_AFTER_WORK } from '../../faults/answer-faults.ts';
import { defineFault, wholeNumber } from '../../faults/define.ts';
import { oneOf } from '../../schema.ts';
import { STREAM_FAULTS } from '../../streams/stream-faults.ts';

/**
 * Pages say in one way only whether there are more: by `links`, or by `has_next_page` and `has_prev_page`; or, with
 * `cursors`, not at all: all of it is optional (API document, section 1, table of calls).
 */
export const PAGING_FORM = defineFault(
  'paging-form',
  { form: oneOf(['links', 'flags', 'cursors']) },
  { calls: ['queryLogs'] },
);

/** A tail begins with the last events that there were, as one does that wants none to be lost between two connections. */
export const REPLAY = defineFault('replay', { events: wholeNumber }, { calls: ['logs'] });

export const WORKER_LOG_FAULTS = [...ANSWER_FAULTS, STATUS_AFTER_WORK, ...STREAM_FAULTS, PAGING_FORM, REPLAY] as const;
