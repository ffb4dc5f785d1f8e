// The file that `preview-cleanup/action.yml` names.
import { runAction } from '../main.js';
await runAction('preview-cleanup');
