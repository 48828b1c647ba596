import { bytesToBase64url, base64urlToBytes, bytesToHex, utf8ToBytes } from '@kivyx-ota/core';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';

/** What is made with the device secret. Each use has its own label, so that none can stand for another. */
export interface Secrets {
  /** 32 hex digits; the same device has the same in every channel of the project. */
  deviceHash(deviceId: string): string;
  /** A number below 65,536; the same subnet has the same, and nobody outside can choose it. */
  subnetGroup(subnet: string): number;
  ticket(releaseId: string, deviceHash: string, expiresAtSeconds: number): string;
  isTicket(ticket: string, releaseId: string, deviceHash: string, nowSeconds: number): boolean;
}

export function createSecrets(secret: Uint8Array): Secrets {
  if (secret.length < 32) throw new RangeError('createOtaServer: deviceSecret needs at least 32 bytes');
  // The key's own blocks are hashed once, and their state is copied into one that is there already.
  const keyed = hmac.create(sha256, secret);
  const scratch = keyed.clone();
  const mac = (label: string, text: string): Uint8Array =>
    keyed
      ._cloneInto(scratch)
      .update(utf8ToBytes(`kivyx-${label}-v1\0${text}`))
      .digest();
  const ticketMac = (releaseId: string, deviceHash: string, expires: string): Uint8Array =>
    mac('ticket', `${releaseId}\0${deviceHash}\0${expires}`);
  return {
    deviceHash: (deviceId) => bytesToHex(mac('device', deviceId).subarray(0, 16)),
    isTicket: (ticket, releaseId, deviceHash, nowSeconds) => {
      const match = /^([0-9]{1,12})\.([A-Za-z0-9_-]{43})$/.exec(ticket);
      if (match === null || Number(match[1]) <= nowSeconds) return false;
      try {
        return equalConstantTime(
          base64urlToBytes(match[2] as string),
          ticketMac(releaseId, deviceHash, match[1] as string),
        );
      } catch {
        return false;
      }
    },
    subnetGroup: (subnet) => {
      const [high = 0, low = 0] = mac('subnet', subnet);
      return high * 256 + low;
    },
    ticket: (releaseId, deviceHash, expiresAtSeconds) =>
      `${expiresAtSeconds}.${bytesToBase64url(ticketMac(releaseId, deviceHash, String(expiresAtSeconds)))}`,
  };
}

/** Takes as long whatever differs. */
export function equalConstantTime(a: Uint8Array, b: Uint8Array): boolean {
  let difference = a.length ^ b.length;
  for (let i = 0; i < a.length; i++) difference |= (a[i] as number) ^ (b[i] ?? 0);
  return difference === 0;
}
