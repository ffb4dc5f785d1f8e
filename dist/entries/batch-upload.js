// The file that `batch-upload/action.yml` names.
import { runAction } from '../main.js';
await runAction('batch-upload');
