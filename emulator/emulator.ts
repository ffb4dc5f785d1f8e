import type { AddressedFault } from './faults/define.ts';
import type { FaultRecord } from './faults/fault-queue.ts';
import type { RecordedRequest, Violation, WaitOptions } from './recorder.ts';
import type { ServiceContext } from './service.ts';
import type { Call, FaultCall, FaultEffect, ServiceMembers, ServiceOptions } from './services.ts';

/** A fault on request: which requests it hits (see `AddressedFault`), and what it does to them. */
export type Fault = Omit<AddressedFault, 'call' | 'effect' | 'durationMs'> & { call: FaultCall } & FaultEffect;

export interface PlatformSettings extends Pick<ServiceContext, 'stepMs' | 'streamCutMs' | 'sseForm' | 'keptRecords'> {
  host: string;
  port: number;
  tls: boolean;
  onRequestEnd: ((request: RecordedRequest) => void) | undefined;
}

/** Options of {@link Emulator}; everything has a default. */
export type EmulatorOptions = Partial<PlatformSettings> & { faults?: readonly Fault[] } & ServiceOptions;

/** A running embedded platform, apart from its services. */
export interface Platform {
  /** Such as `http://127.0.0.1:8080`; what `api-host` and `CATALYST_API_HOST` are set to. */
  readonly origin: string;
  /** Host and port of it, as the vendor's own tool wants it (with TLS). */
  readonly apiHost: string;
  /** With TLS: the PEM file for `NODE_EXTRA_CA_CERTS`. */
  readonly certificatePath: string | undefined;
  readonly requests: readonly RecordedRequest[];
  readonly violations: readonly Violation[];
  readonly faults: readonly FaultRecord[];
  /** Throws `FaultError` for one that makes no sense. */
  addFault(fault: Fault): void;
  clearFaults(): void;
  /** Resolves when the `count`-th such request arrives (its body may not be read yet), or at once where it has. */
  waitForRequest(match: RequestMatch, options?: WaitOptions): Promise<RecordedRequest>;
  /** The same, once that request is answered in full or its connection is gone. */
  waitForRequestEnd(match: RequestMatch, options?: WaitOptions): Promise<RecordedRequest>;
  /** Destroys all connections and deletes all files; everything that is still awaited is rejected. */
  close(): Promise<void>;
}

type RequestMatch = Call | ((request: RecordedRequest) => boolean);

/** A running embedded platform, with the members of its services. */
export type Emulator = Platform & ServiceMembers;
