// The file that `preview-gate/action.yml` names. dist/entries/ holds it as it is.
import { runAction } from '../main.ts';

await runAction('preview-gate');
