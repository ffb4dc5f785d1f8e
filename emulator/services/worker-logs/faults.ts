import { ANSWER_FAULTS, STATUS_AFTER_WORK } from '../../faults/answer-faults.ts';
import { defineFault } from '../../faults/define.ts';
import { oneOf } from '../../schema.ts';
import { STREAM_FAULTS } from '../../streams/stream-faults.ts';

/** Pages say in one way only whether there are more: by `links`, or by `has_next_page` and `has_prev_page`. */
export const PAGING_FORM = defineFault('paging-form', { form: oneOf(['links', 'flags']) }, { calls: ['queryLogs'] });

export const WORKER_LOG_FAULTS = [...ANSWER_FAULTS, STATUS_AFTER_WORK, ...STREAM_FAULTS, PAGING_FORM] as const;
