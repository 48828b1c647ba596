import type { Clock, Random } from '@kivyx-ota/core';
import type { PublicKeyInput } from '@kivyx-ota/cose';
import type { Signer } from '@kivyx-ota/cose/sign';
import type { ChannelScope, TrustRoot } from '@kivyx-ota/manifest';
import type { ObjectStorage } from '@kivyx-ota/storage';
import type { PublishEvent } from './events.ts';

/** A compressed form of an object, stored beside it and negotiated by the transport. */
export interface CompressedVariant {
  readonly encoding: 'br' | 'gzip';
  readonly bytes: Uint8Array;
}

/** What the bytes of a patch were spent on, largest first. */
export type PatchSections = readonly (readonly [name: string, bytes: number])[];

/** What a {@link PatchMaker} makes. */
export interface MadePatch {
  readonly format: string;
  readonly bytes: Uint8Array;
  readonly sections?: PatchSections;
}

/** Makes a patch; the default is `@kivyx-ota/delta`. `undefined`: no patch that is worth it. */
export interface PatchMaker {
  /** How many patches may be asked for at once; default 1. */
  readonly concurrency?: number;
  create(base: Uint8Array, target: Uint8Array, fullSizeBytes: number): Promise<MadePatch | undefined>;
  /** The decoder that devices run; every patch goes through it before it is offered. */
  apply(base: Uint8Array, patch: Uint8Array): Promise<Uint8Array>;
}

/** Options of {@link createPublisher}. */
export interface PublisherOptions {
  readonly storage: ObjectStorage;
  readonly scope: ChannelScope;
  readonly signers: { readonly release: Signer; readonly index: Signer };
  /** What devices trust. The signers must be in it: a channel that devices refuse is refused here. */
  readonly trust: { readonly root: TrustRoot } | { readonly keys: readonly PublicKeyInput[] };
  readonly clock: Clock;
  readonly random: Random;
  /** Life of an index; default and most 7 days. Re-sign before (`refresh`). */
  readonly indexLifetimeSeconds?: number;
  /** Patches from how many releases before; default 3. 0 makes none. */
  readonly patchBaseCount?: number;
  readonly patchMaker?: PatchMaker;
  /** What a release may weigh, uncompressed: the launch file, and all files together. More is refused. */
  readonly budget?: { readonly bundleBytes?: number; readonly releaseBytes?: number };
  /** Requests to the storage at once while files are uploaded; default 16. */
  readonly uploadConcurrency?: number;
  readonly compress?: (bytes: Uint8Array, mediaType: string) => Promise<readonly CompressedVariant[]>;
  /** Waits between attempts after a lost race; default `setTimeout`. Injected so that tests need not. */
  readonly sleep?: (ms: number) => Promise<void>;
  readonly onEvent?: (event: PublishEvent) => void;
}
