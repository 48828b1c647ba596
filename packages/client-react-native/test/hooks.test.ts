// The hooks under Jest with React Native's preset, as apps test: one bundled file, so that Jest needs to know nothing of this workspace.
import { build } from 'esbuild';
import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const require = createRequire(import.meta.url);
const here = fileURLToPath(new URL('.', import.meta.url));

it('the hooks pass in React Native\u2019s test environment', async () => {
  const folder = join(here, '../work/jest');
  mkdirSync(folder, { recursive: true });
  await build({
    bundle: true,
    conditions: ['@kivyx-ota/source'],
    entryPoints: [join(here, 'react/hooks.jest.ts')],
    external: ['react', 'react-native', 'react-test-renderer'],
    format: 'cjs',
    outfile: join(folder, 'hooks.test.js'),
    platform: 'node',
    target: 'node20',
  });
  writeFileSync(
    join(folder, 'jest.config.json'),
    JSON.stringify({
      preset: '@react-native/jest-preset',
      rootDir: join(here, '..'),
      roots: [folder],
      testTimeout: 60_000,
      transform: {
        '^.+\\.(js|ts|tsx)$': [
          'babel-jest',
          { babelrc: false, configFile: false, presets: [require.resolve('@react-native/babel-preset')] },
        ],
      },
      // As the preset says, for a package manager that keeps packages one folder deeper; the bundle is plain JavaScript.
      transformIgnorePatterns: ['node_modules/(?!(\\.pnpm|(jest-)?react-native|@react-native))', folder],
    }),
  );
  const jest = require.resolve('jest/bin/jest');
  const report = await new Promise<string>((resolve, reject) => {
    execFile(
      process.execPath,
      [jest, '--config', join(folder, 'jest.config.json'), '--json', '--no-cache', '--silent'],
      { cwd: join(here, '..'), maxBuffer: 1e7 },
      (error, stdout, stderr) => {
        if (stdout.startsWith('{')) resolve(stdout);
        else reject(new Error(`${String(error)}\n${stderr}`));
      },
    );
  });
  const { numPassedTests, testResults } = JSON.parse(report) as {
    numPassedTests: number;
    testResults: { message: string; assertionResults: { title: string; status: string }[] }[];
  };
  const failed = testResults.flatMap(({ assertionResults, message }) =>
    assertionResults.some(({ status }) => status === 'failed') || assertionResults.length === 0
      ? [message]
      : [],
  );
  expect(failed).toEqual([]);
  expect(numPassedTests).toBe(6);
}, 120_000);
