// The app's component tests, by Jest as an app runs them.
import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const require = createRequire(import.meta.url);

it('the settings screen and the dialog pass in React Native’s test environment', async () => {
  const report = await new Promise<string>((resolve, reject) => {
    execFile(
      process.execPath,
      [require.resolve('jest/bin/jest'), '--json', '--silent'],
      { cwd: join(import.meta.dirname, '..'), maxBuffer: 1e7 },
      (error, stdout, stderr) =>
        stdout.startsWith('{') ? resolve(stdout) : reject(new Error(`${String(error)}\n${stderr}`)),
    );
  });
  const { numPassedTests, testResults } = JSON.parse(report) as {
    numPassedTests: number;
    testResults: { message: string; status: string }[];
  };
  expect(testResults.filter(({ status }) => status !== 'passed').map(({ message }) => message)).toEqual([]);
  expect(numPassedTests).toBe(6);
}, 300_000);
