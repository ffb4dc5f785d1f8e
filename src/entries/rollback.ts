// The file that `rollback/action.yml` names. dist/entries/ holds it as it is; `../main.js` is the bundle that all actions share.
import { runAction } from '../main.ts';

await runAction('rollback');
