import * as z from 'zod/mini';
import { numberText } from '../../schema.ts';
import { serviceCli } from '../../service.ts';
import { UsageError } from '../../usage-error.ts';
import type { HostingMembers } from '../hosting/members.ts';
import type { StorefrontMembers } from './members.ts';
import type { StorefrontOptions } from './options.ts';
import { allowedHost } from './options.ts';

const DEFAULT_PORT = 8788;

export const storefrontCli = serviceCli({
  flags: {
    serve: 'serves what is deployed (npm run serve:install first)',
    'serve-broken': 'with --serve: deployments complete, and each page answers 500',
  },
  options: {
    'serve-port': {
      placeholder: 'PORT',
      help: `with --serve: port of the storefronts (${DEFAULT_PORT}; 0: any free one)`,
      schema: numberText({ max: 65_535, isWhole: true }),
    },
    'serve-allow': {
      placeholder: 'HOST',
      help: 'with --serve: a host that workers may send requests to; may be given more than once (none; *: all)',
      multiple: true,
      schema: z.array(allowedHost),
    },
    'serve-delay': {
      placeholder: 'MS',
      help: 'with --serve: a deployment completes at once, and its build is served so long after that at the earliest (0)',
      schema: numberText({}),
    },
    'serve-old-for': {
      placeholder: 'MS',
      help: 'with --serve: a former build answers for so long after the next deployment has completed (0)',
      schema: numberText({}),
    },
  },
  read: (values, print, flags): StorefrontOptions => {
    const given = [...Object.keys(values), ...flags].map((name) => `--${name}`);
    if (given.length > 0 && !flags.has('serve')) {
      throw new UsageError(`${given.join(', ')}: only together with --serve, without which nothing is served`);
    }
    return {
      serve: flags.has('serve'),
      serveBroken: flags.has('serve-broken'),
      servePort: values['serve-port'] ?? DEFAULT_PORT,
      serveAllow: values['serve-allow'],
      serveDelayMs: values['serve-delay'],
      serveOldForMs: values['serve-old-for'],
      onServeNote: print,
    };
  },
  settings: ({ storefronts, projects }: { storefronts: StorefrontMembers } & Pick<HostingMembers, 'projects'>) => ({
    text: storefronts.isServing
      ? ['Storefronts, once deployed:', ...projects.map(({ uuid }) => `  ${storefronts.addressOf(uuid)}`)]
      : [],
  }),
});
