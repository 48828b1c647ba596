import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import platforms from '../scripts/platforms.json' with { type: 'json' };
import { platformFolder, whatIsMissing } from './native/platforms.ts';
import { newFolder, removeFolders } from './native/toolchain.ts';

afterAll(removeFolders);

it('a fetched copy that is older than the list of files is named, with the command that fetches it anew', () => {
  const folder = newFolder();
  const [old, today] = ['expo-58', 'react-native-0.88'] as const;
  for (const name of [old, today]) mkdirSync(platformFolder(name, folder), { recursive: true });
  writeFileSync(
    join(platformFolder(old, folder), 'taken.json'),
    JSON.stringify(platforms.files.expo.slice(1)),
  );
  writeFileSync(
    join(platformFolder(today, folder), 'taken.json'),
    JSON.stringify(platforms.files['react-native']),
  );
  const command = '(node packages/client-react-native/scripts/fetch-platforms.mjs fetches what is needed)';
  const older = `fetched by an older list of files than scripts/platforms.json: ${old}`;
  expect(whatIsMissing([today], folder)).toBeUndefined();
  expect(whatIsMissing([old, today], folder)).toBe(`${older} ${command}`);
  expect(whatIsMissing(['expo-57', old], folder)).toBe(`not fetched: expo-57; ${older} ${command}`);
});
