import type { IncomingMessage } from 'node:http';
import * as z from 'zod/mini';
import type { Answer } from './answers.ts';
import type { AppliedFaults } from './faults/applied.ts';
import type { FaultDefinition } from './faults/define.ts';
import type { RecordedRequest } from './recorder.ts';

/**
 * A service of the embedded platform: what it answers, how it can fail, and how it is set up and controlled. A service is
 * a folder of `services/` and a line in `services.ts`; the table of endpoints, the faults, the command line, the control
 * and the types of {@link Emulator} and its options are put together from there.
 *
 * `defineService` makes one; the state is created by `start`, once for each emulator.
 */
export interface Service<
  E extends Endpoint = Endpoint,
  F extends FaultDefinition = FaultDefinition,
  Any extends string = string,
  Options extends object = object,
  R extends RunningService = RunningService,
> {
  readonly name: string;
  /** Whose API it plays, as messages call it: `GitHub`. */
  readonly owner: string;
  /** Its part of the table. Of several that match, the first one answers; services come in the order of the registry. */
  readonly endpoints: readonly E[];
  /** All faults that a call of it can have, general ones included. */
  readonly faults: readonly F[];
  /** The name that represents each of its calls in a fault: `github.any`. */
  readonly anyCall?: Any;
  readonly cli?: ServiceCli<Options, R['members']>;
  readonly control?: readonly ControlRoute<R['members']>[];
  /** Creates the state. Throws for options that make no sense. */
  start(context: ServiceContext, options: Options): R;
  /** The running service that `start` has made with this context, for a service that builds on it. */
  of(context: ServiceContext): R;
}

/** One row of the table of endpoints. A service may have further fields in its rows; `answer` is given the row. */
export interface Endpoint {
  /** Name of the call, in the record of requests and in faults. Several endpoints may share one. */
  readonly call: string;
  /** `*`: any, for requests that no other endpoint matches. */
  readonly method: string;
  /** A pathname in the syntax of URLPattern: `/stores/:storeHash/v3/projects/:uuid`, `/github/:rest*`. */
  readonly path: string;
  /** Parameters of the query that must have this value; an empty one must be absent or empty. */
  readonly query?: Readonly<Record<string, string>>;
}

/** Whether a call is one of a service's. */
export function isCallOf({ endpoints }: Pick<Service, 'endpoints'>, call: string): boolean {
  return endpoints.some((endpoint) => endpoint.call === call);
}

/** What services share while one emulator runs. */
export interface ServiceContext {
  /** Such as `http://127.0.0.1:8080`. */
  readonly origin: string;
  /** A folder for files; it is deleted when the emulator closes. */
  readonly directory: string;
  /** Time that each step of what changes by itself takes, unless a service has an option of its own. */
  readonly stepMs: number;
  /** Event streams are ended after so long. */
  readonly streamCutMs: number;
  readonly sseForm: 'bare' | 'documented';
  /**
   * How many requests, uploads and deployments are remembered (all): more than are used at once. With a number, memory
   * does not grow however long the platform runs.
   */
  readonly keptRecords: number;
}

/** A service with its state. It may have more members, for services that build on it (see `Service.of`). */
export interface RunningService {
  /** What it adds to the {@link Emulator}. No getters: it is copied. */
  readonly members: object;
  /** What must reach no service of another owner. */
  readonly credentials?: Credentials;
  /** The answer, faults included that replace it. What damages an answer while it is sent is the platform's business. */
  answer(exchange: Exchange): Answer | Promise<Answer>;
  /**
   * What the request carries that no client may send here. Asked twice: when the request arrives, and once it was
   * answered, when its body is known; a message is recorded once.
   * @param foreign the credentials of the services of all other owners
   */
  violations?(exchange: Exchange, foreign: readonly Credentials[]): string[];
  /** Its part of the control's `GET state`. */
  state?(): object;
  /** Called once all services have started: opens what takes time to open. The emulator is ready after that. */
  ready?(): Promise<void>;
  /** Ends what still runs. */
  close?(): Promise<void>;
}

export interface Credentials {
  /** Subject of the message: `A token of GitHub was`. */
  readonly subject: string;
  /** All there are at this moment. */
  list(): readonly string[];
}

/** One request to a service, from its arrival on. Its body is still to be read. */
export interface Exchange<E extends Endpoint = Endpoint> {
  readonly endpoint: E;
  /** The part of the path with this name, as it was sent; `''` where there is none. */
  param(name: string): string;
  readonly request: IncomingMessage;
  readonly url: URL;
  readonly record: RecordedRequest;
  /** The body; `readJsonBody`, `readBytes` and `drain` read it. */
  readonly chunks: AsyncIterable<Buffer>;
  /** A body that the record does not have, such as a form, for the second look at violations. */
  unrecordedBody?: Buffer | undefined;
  readonly faults: AppliedFaults;
}

/** An option of the command line. */
export interface CliOption<Schema extends z.ZodMiniType = z.ZodMiniType> {
  /** What represents the value in the help: `DOMAIN`. */
  readonly placeholder: string;
  readonly help: string;
  /** May be given more than once: the schema is given a list of texts, and not a text. */
  readonly multiple?: boolean;
  /** Makes the value of the text. The words that it was registered with (see `described`) make the message. */
  readonly schema: Schema;
}

/** Options without a value: name and help. */
export type CliFlags = Readonly<Record<string, string>>;

type CliOptions = Readonly<Record<string, CliOption>>;

/** The parsed values by the name of the option; undefined where one is not given. */
export type CliValues<Given extends CliOptions> = {
  readonly [Name in keyof Given]: z.output<Given[Name]['schema']> | undefined;
};

/** A service's part of the command line; see `serviceCli`. */
export interface ServiceCli<Options extends object, Members extends object, Given extends CliOptions = CliOptions> {
  readonly options: Given;
  readonly flags?: CliFlags;
  /**
   * Options of the service, and faults, from those of the command line. Throws `UsageError` for some that do not go
   * together.
   * @param print shows a line, for what happens while the emulator runs
   * @param flags those of its flags that are given
   */
  read(
    values: CliValues<Given>,
    print: (line: string) => void,
    flags: ReadonlySet<string>,
  ): Options & { faults?: readonly object[] };
  /** What is printed when the emulator has started. */
  settings?(members: Members, platform: { origin: string; apiHost: string }): CliSettings;
}

export interface CliSettings {
  /** Environment variables, as `NAME=value`. */
  environment?: readonly string[];
  /** Inputs of the action, as `name: value`. */
  inputs?: readonly string[];
  /** Further sections. */
  text?: readonly string[];
}

/** A route of the control, below `/_emulator/`. */
export interface ControlRoute<Members extends object, Body extends z.ZodMiniType = z.ZodMiniType> {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  /** The body and what it does; lines after the first one are indented. */
  readonly help: string;
  readonly body: Body;
  /** What is answered as JSON; undefined: 204. A `FaultError` is a 400. */
  run(members: Members, body: z.output<Body>): unknown;
}

/** A part of the command line with the types of its values. */
export function serviceCli<Options extends object, Members extends object, Given extends CliOptions>(
  cli: ServiceCli<Options, Members, Given>,
): ServiceCli<Options, Members> {
  return cli;
}

/** The schema of one thing or a list of them; gives the list. */
export function oneOrMore<Item extends z.ZodMiniType>(item: Item) {
  return z.pipe(
    z.transform((value: unknown): unknown[] => (Array.isArray(value) ? value : [value])),
    z.array(item),
  );
}

/** A route with the type of its body. */
export function controlRoute<Members extends object, Body extends z.ZodMiniType>(
  route: ControlRoute<Members, Body>,
): ControlRoute<Members, Body> {
  return route;
}

export function defineService<
  const E extends Endpoint,
  F extends FaultDefinition,
  Options extends object,
  R extends RunningService,
  const Any extends string = never,
>(parts: Omit<Service<E, F, Any, Options, R>, 'of'>): Service<E, F, Any, Options, R> {
  const running = new WeakMap<ServiceContext, R>();
  return {
    ...parts,
    start: (context, options) => {
      const started = parts.start(context, options);
      running.set(context, started);
      return started;
    },
    of: (context) => {
      const found = running.get(context);
      if (found === undefined) throw new Error(`The service ${parts.name} must be started first.`);
      return found;
    },
  };
}

/** Options of which each may be left out. */
export type OptionsOf<Settings extends object> = { [Name in keyof Settings]?: Settings[Name] | undefined };

/** All settings, from the options that were given. An option that is undefined counts as not given. */
export function withDefaults<Settings extends object>(defaults: Settings, options: OptionsOf<Settings>): Settings {
  const given = Object.entries(options).filter(([name, value]) => value !== undefined && name in defaults);
  return { ...defaults, ...Object.fromEntries(given) };
}
