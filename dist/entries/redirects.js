// The file that `redirects/action.yml` names.
import { runAction } from '../main.js';
await runAction('redirects');
