// The file that `preview-cleanup/action.yml` names.
import { runAction } from '../main.ts';

await runAction('preview-cleanup');
