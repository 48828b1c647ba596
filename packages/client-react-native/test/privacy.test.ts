// Apple refuses apps whose pods call certain functions without saying why: PrivacyInfo.xcprivacy says it.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { IOS } from './native/objc.ts';

/** "Describing use of required reason API" (Apple), by category. */
const REQUIRED_REASON = {
  NSPrivacyAccessedAPICategoryActiveKeyboards: /\bactiveInputModes\b/,
  NSPrivacyAccessedAPICategoryDiskSpace:
    /\b(NSURLVolumeAvailableCapacity\w*|NSFileSystemFreeSize|NSFileSystemSize|f?statv?fs)\b/,
  NSPrivacyAccessedAPICategoryFileTimestamp:
    /\b(creationDate|[mM]odificationDate|fileModificationDate|getattrlist\w*|f?getattrlist|[fl]?stat(at)?\()/,
  NSPrivacyAccessedAPICategorySystemBootTime: /\b(systemUptime|mach_absolute_time)\b/,
  NSPrivacyAccessedAPICategoryUserDefaults: /\bNSUserDefaults\b/,
};

it('names every category of which something is called, and no other', () => {
  const code = ['core', 'glue', 'react']
    .flatMap((folder) =>
      readdirSync(join(IOS, folder))
        .filter((name) => /\.mm?$/.test(name))
        .map((name) => readFileSync(join(IOS, folder, name), 'utf8')),
    )
    .join('\n');
  const used = Object.entries(REQUIRED_REASON).flatMap(([category, call]) =>
    call.test(code) ? [category] : [],
  );
  const manifest = readFileSync(join(IOS, 'PrivacyInfo.xcprivacy'), 'utf8');
  const named = [...manifest.matchAll(/<string>(NSPrivacyAccessedAPICategory\w+)<\/string>/g)].map(
    ([, name]) => name,
  );
  expect(named.toSorted()).toEqual(used.toSorted());
  expect(used).toHaveLength(2);
});

it('the pod and the package carry it', () => {
  const root = join(IOS, '..');
  expect(readFileSync(join(root, 'KivyxOta.podspec'), 'utf8')).toContain('"ios/PrivacyInfo.xcprivacy"');
  const { files } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { files: string[] };
  expect(files).toContain('ios/PrivacyInfo.xcprivacy');
});
