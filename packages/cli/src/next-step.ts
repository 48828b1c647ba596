import { isOtaError } from '@kivyx-ota/core';

/** What to type after a refusal, where the package that refused speaks of functions and not of commands. */
const NEXT: Readonly<Record<string, string>> = {
  ERR_COSE_KEY_UNKNOWN:
    'KIVYX_TRUST names what devices trust (now: see kivyx keys export); after a change of keys: kivyx keys rotate --from <old public key>',
  ERR_KEY_FORMAT:
    'a private key is PKCS#8 (openssl pkcs8 -topk8 -nocrypt -in <file> -out <new file>) of P-256 or Ed25519; kivyx keys generate makes one',
  ERR_PUBLISH_BUDGET: 'a smaller build, or a larger --bundle-budget or --release-budget',
  ERR_PUBLISH_BYTECODE:
    'kivyx bundle in the sources of those binaries; or --hbc-version, if their runtime really reads this one',
  ERR_PUBLISH_CONTENTION: 'the same command again, in a minute',
  ERR_PUBLISH_CORRUPT: 'kivyx verify shows all that is damaged',
  ERR_PUBLISH_GARBAGE: 'kivyx verify, and kivyx log, show what cannot be read',
  ERR_PUBLISH_KEY:
    'sign with a key that devices trust (KIVYX_PRIVATE_KEY_FILE), or give it to them first: kivyx root draft; kivyx keys show <file> tells which is which',
  ERR_PUBLISH_PLAIN_JS:
    'kivyx compile --js <file> --out <file>, or --hermes-base; --allow-plain-js for an app without Hermes',
  ERR_PUBLISH_SOURCE_MAP: 'leave it out of the folder; --source-map <file> keeps it where no device finds it',
  ERR_PUBLISH_VERSION_CODE:
    'kivyx publish the same folder to that channel: it gets the next number there, and what is stored is not uploaded again',
  ERR_PUBLISH_TOO_SLOW: 'the same command again: what is uploaded is found',
  ERR_ROOT_EPOCH: 'KIVYX_TRUST must be the newest root, see roots/ in the storage: kivyx root check <root>',
};

/** The line after the message of an error, if there is more to say. */
export function nextStep(error: unknown): string | undefined {
  return isOtaError(error) ? NEXT[error.code] : undefined;
}
