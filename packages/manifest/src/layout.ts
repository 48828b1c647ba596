import { isSha256Hex } from '@kivyx-ota/core';
import type { AppScope, ChannelScope } from './scope.ts';

// Keys are built from validated parts only; nothing that a document says becomes a path by itself.

/** `objects/<sha256>`: a file of any release, immutable. */
export function objectKey(sha256Hex: string): string {
  return `objects/${hash(sha256Hex)}`;
}

/** `patches/<base>/<target>.<format>`: immutable. */
export function patchKey(baseSha256Hex: string, targetSha256Hex: string, format: string): string {
  if (!/^[a-z0-9]{1,16}$/.test(format)) throw new RangeError(`patchKey: format ${JSON.stringify(format)}`);
  return `patches/${hash(baseSha256Hex)}/${hash(targetSha256Hex)}.${format}`;
}

/** `manifests/<sha256 of the envelope>.cose`: immutable. */
export function manifestKey(sha256Hex: string): string {
  return `manifests/${hash(sha256Hex)}.cose`;
}

/** `attestations/<sha256 of the manifest envelope>.sigstore.json`. */
export function attestationKey(manifestSha256Hex: string): string {
  return `attestations/${hash(manifestSha256Hex)}.sigstore.json`;
}

/** `channels/<app>/<platform>/<channel>/index.cose`: the one mutable object of a channel. */
export function indexKey(scope: ChannelScope): string {
  return `${channelPrefix(scope)}/index.cose`;
}

/** Folder of {@link indexLogKey}, with its slash. */
export function indexLogPrefix(scope: ChannelScope): string {
  return `${channelPrefix(scope)}/log/`;
}

/**
 * `channels/…/log/<epoch>-<sequence>.cose`: every index ever published. A new epoch may start its sequence again, so both are in the
 * key; zero-padded, so that keys list in the order of indexes.
 */
export function indexLogKey(
  scope: ChannelScope,
  { epoch, sequence }: { readonly epoch: number; readonly sequence: number },
): string {
  return `${indexLogPrefix(scope)}${count(epoch)}-${count(sequence)}.cose`;
}

/** `roots/<version>.cose`: the trust-root chain. */
export function rootKey(version: number): string {
  return `roots/${count(version)}.cose`;
}

function channelPrefix({ app, platform, channel }: Omit<ChannelScope, keyof AppScope> & AppScope): string {
  return `channels/${part(app)}/${part(platform)}/${part(channel)}`;
}

function part(text: string): string {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/.test(text))
    throw new RangeError(`layout: ${JSON.stringify(text)} cannot be part of a key`);
  return text;
}

function hash(text: string): string {
  if (!isSha256Hex(text)) throw new RangeError(`layout: ${JSON.stringify(text)} is no SHA-256`);
  return text;
}

function count(value: number): string {
  if (!Number.isSafeInteger(value) || value < 0)
    throw new RangeError(`layout: ${value} is no sequence number`);
  return String(value).padStart(10, '0');
}
