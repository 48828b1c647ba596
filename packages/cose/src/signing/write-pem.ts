import { bytesToBase64url } from '@kivyx-ota/core';

/** A PEM block of `der` with lines of 64 (RFC 7468). */
export function writePem(label: string, der: Uint8Array): string {
  const text = bytesToBase64url(der).replace(/-/g, '+').replace(/_/g, '/');
  const padded = text + '='.repeat((4 - (text.length % 4)) % 4);
  const lines = padded.replace(/.{1,64}/g, '$&\n');
  return `-----BEGIN ${label}-----\n${lines}-----END ${label}-----\n`;
}
