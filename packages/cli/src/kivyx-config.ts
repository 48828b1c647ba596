import type { PublicKeyInput } from '@kivyx-ota/cose';
import type { Signer } from '@kivyx-ota/cose/sign';
import type { TrustRoot } from '@kivyx-ota/manifest';
import type { ObjectStorage } from '@kivyx-ota/storage';

/** What `kivyx.config.ts`, `.js`, `.mjs` or `.json` says. Every line can also come from the environment or a flag. */
export interface KivyxConfig {
  /** `KIVYX_PROJECT`. */
  readonly project: string;
  /** `KIVYX_APP`. */
  readonly app: string;
  /** `KIVYX_PLATFORM`. */
  readonly platform: 'ios' | 'android';
  /** `KIVYX_CHANNEL`; default `production`. */
  readonly channel?: string;
  /** Any adapter; or a folder, relative to the config file. `KIVYX_STORAGE`: a folder. Default `bucket`. */
  readonly storage?: ObjectStorage | string;
  /** Signs. Default: the PEM file `keys/release.pem` for both; `KIVYX_PRIVATE_KEY_FILE`, or the PEM itself in `KIVYX_PRIVATE_KEY`. */
  readonly signers?: { readonly release: Signer; readonly index: Signer };
  /**
   * What devices trust: a root, or keys; or a file with either (PEM or root envelope), relative to the config file. `KIVYX_TRUST`:
   * such a file. Default: the public keys of the signers.
   */
  readonly trust?: string | { readonly root: TrustRoot } | { readonly keys: readonly PublicKeyInput[] };
  /** What a release may weigh, in bytes. `KIVYX_BUNDLE_BUDGET`, `KIVYX_RELEASE_BUDGET`. */
  readonly budget?: { readonly bundleBytes?: number; readonly releaseBytes?: number };
  /** Patches from how many releases before; default 3. `KIVYX_PATCH_BASES`. */
  readonly patchBaseCount?: number;
  /** What `kivyx publish` publishes, by platform: with both, one command does both. Paths are relative to the config file. */
  readonly platforms?: { readonly android?: PlatformBuild; readonly ios?: PlatformBuild };
  /** React Native of the binaries, such as `0.88.1`; default: that of the app. `KIVYX_REACT_NATIVE`. */
  readonly reactNative?: string;
  /**
   * The control plane (`@kivyx-ota/server`) that devices ask, with the slash: `https://ota.example.com/`. Then it signs the index, and
   * verbs go to it with the API key in `KIVYX_API_KEY` or `KIVYX_API_KEY_FILE`. `KIVYX_SERVER`.
   */
  readonly server?: string;
  /** With a server: the channel, read by no device, in which the publisher remembers what it uploaded. Default `uploads`. `KIVYX_UPLOADS`. */
  readonly uploads?: string;
  /**
   * Any flag of any command, by its name in camel case: `{ publish: { rollout: 10, workers: 2 }, gc: { keepDays: 60 } }`. Variables and the command
   * line stand above.
   */
  readonly flags?: Readonly<
    Record<string, Readonly<Record<string, string | number | boolean | readonly string[]>>>
  >;
}

/** A build of one platform. What is left out is as `kivyx bundle` noted it, or as flags and variables say for all. */
export interface PlatformBuild {
  readonly folder?: string;
  readonly launch?: string;
  readonly runtimeVersion?: string;
  readonly binaryVersion?: string;
  /** The bundle inside the store binaries. */
  readonly embedded?: string;
  readonly sourceMap?: string;
}

/** Gives a config file its types. */
export function defineConfig(config: KivyxConfig): KivyxConfig {
  return config;
}
