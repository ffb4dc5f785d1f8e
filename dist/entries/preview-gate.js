// The file that `preview-gate/action.yml` names. dist/entries/ holds it as it is.
import { runAction } from '../main.js';
await runAction('preview-gate');
