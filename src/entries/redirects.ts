// The file that `redirects/action.yml` names.
import { runAction } from '../main.ts';

await runAction('redirects');
