// The spec of the native module, read by React Native's own code generator, and everything that has to have its methods.
import { createFakeNative } from '@kivyx-ota/client-react-native/testing';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { generateSpec, moduleSpec } from './native/codegen.ts';
import { removeFolders } from './native/toolchain.ts';

afterAll(removeFolders);

const read = (path: string): string =>
  readFileSync(fileURLToPath(new URL(`../${path}`, import.meta.url)), 'utf8');
const { eventEmitters, methods } = moduleSpec;

it('reads every method, and the fake of the tests has each of them with as many arguments, and no others', () => {
  expect(methods.length).toBeGreaterThan(18);
  const fake = createFakeNative() as unknown as Record<string, unknown>;
  for (const { name, params } of methods) {
    expect(typeof fake[name], name).toBe('function');
    // A fake may ignore its last arguments.
    expect((fake[name] as () => void).length, name).toBeLessThanOrEqual(params.length);
  }
  for (const { name } of eventEmitters) expect(typeof fake[name], name).toBe('function');
  const known = new Set([...methods, ...eventEmitters].map(({ name }) => name));
  const more = Object.keys(fake).filter((name) => typeof fake[name] === 'function' && !known.has(name));
  // What only tests do with the device.
  expect(more.toSorted()).toEqual(['end', 'setOffline', 'start']);
});

it('the ports call the same methods', () => {
  const declared = read('src/native/native-module.ts');
  for (const { name, params } of methods) {
    const found = new RegExp(`^  ${name}\\(([^)]*)\\)`, 'm').exec(declared);
    expect(found, name).not.toBeNull();
    expect(names(found?.[1] ?? ''), name).toEqual(params);
  }
});

it('Java has the same methods', () => {
  const java = read('android/src/main/java/org/kivyx/ota/KivyxOtaModule.java');
  for (const { isAsync, name, params } of methods) {
    if (name === 'getConstants') continue;
    const found = new RegExp(`@Override\\s+public \\w+ ${name}\\(([^)]*)\\)`).exec(java);
    expect(found, name).not.toBeNull();
    expect(
      (found?.[1] ?? '').split(',').flatMap((one) => one.trim().split(' ').slice(1)),
      name,
    ).toEqual(isAsync ? [...params, 'promise'] : params);
  }
  const made = readFileSync(join(generateSpec(), 'java/org/kivyx/ota/NativeKivyxOtaSpec.java'), 'utf8');
  expect(made.match(/public abstract/g)).toHaveLength(methods.length);
});

const names = (parameters: string): readonly string[] =>
  parameters
    .split(',')
    .map((one) => one.trim().split(':')[0] ?? '')
    .filter((name) => name !== '');
