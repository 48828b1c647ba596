import type { ChannelIndex } from '@kivyx-ota/manifest';

/** Gives a launch file a name that people know: the newest release that has it, with the beginning of its hash; the latter alone where no release has it. */
export function nameBases(index: ChannelIndex | undefined): (sha256Hex: string) => string {
  const names = new Map<string, string>();
  const byCode = (index?.releases ?? []).slice().sort((a, b) => a.versionCode - b.versionCode);
  for (const { launchSha256Hex, version } of byCode) names.set(launchSha256Hex, version);
  return (sha256Hex) => {
    const short = sha256Hex.slice(0, 12);
    const version = names.get(sha256Hex);
    return version === undefined ? short : `${version} (${short})`;
  };
}
