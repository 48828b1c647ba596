import { type AppFingerprint, fingerprintApp } from './fingerprint-app.ts';
import { readNativeVersion } from './read-native-version.ts';

/** How an app tells its runtimes apart; the names are Expo's. */
export type RuntimeVersionPolicy = 'nativeVersion' | 'appVersion' | 'fingerprint';

/** Options of {@link runtimeVersionOf}. */
export interface RuntimeVersionOptions {
  readonly projectDirectory: string;
  readonly platform: 'android' | 'ios';
  readonly policy: RuntimeVersionPolicy;
}

/** What a binary built now says of itself, and which releases fit it. */
export interface RuntimeVersion {
  readonly runtimeVersion: string;
  /** With the policy `fingerprint`: keep it, to have a later difference explained. */
  readonly fingerprint?: AppFingerprint;
}

/**
 * The `runtimeVersion` by a policy: `nativeVersion` is `1.4.0(57)`, version and build number of the native project; `appVersion` is
 * `1.4.0`; `fingerprint` is a hash over everything that the native build depends on.
 *
 * @throws ERR_PUBLISH_RUNTIME
 */
export async function runtimeVersionOf({
  platform,
  policy,
  projectDirectory,
}: RuntimeVersionOptions): Promise<RuntimeVersion> {
  if (policy === 'fingerprint') {
    const fingerprint = await fingerprintApp(projectDirectory, platform);
    return { fingerprint, runtimeVersion: fingerprint.hash };
  }
  const { build, version } = await readNativeVersion(projectDirectory, platform);
  return { runtimeVersion: policy === 'appVersion' ? version : `${version}(${build})` };
}
