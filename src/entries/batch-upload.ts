// The file that `batch-upload/action.yml` names.
import { runAction } from '../main.ts';

await runAction('batch-upload');
