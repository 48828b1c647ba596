// The spec of the native module, read by React Native's own code generator.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createFakeNative } from '@kivyx-ota/client-react-native/testing';
import { expect, it } from 'vitest';

const require = createRequire(import.meta.url);
const { TypeScriptParser } = require('@react-native/codegen/lib/parsers/typescript/parser') as {
  TypeScriptParser: new () => { parseFile(path: string): Schema };
};
const { generate } = require('@react-native/codegen/lib/generators/RNCodegen') as {
  generate(
    options: {
      libraryName: string;
      outputDirectory: string;
      packageName: string;
      schema: Schema;
      assumeNonnull: boolean;
    },
    generators: { generators: string[] },
  ): boolean;
};
interface Schema {
  readonly modules: Readonly<
    Record<
      string,
      {
        readonly spec: {
          readonly methods: readonly { name: string }[];
          readonly eventEmitters: readonly { name: string }[];
        };
      }
    >
  >;
}

const schema = new TypeScriptParser().parseFile(
  fileURLToPath(new URL('../src/specs/NativeKivyxOta.ts', import.meta.url)),
);

it('reads every method, and the fake of the tests has each of them', () => {
  const { methods, eventEmitters } = Object.values(schema.modules)[0]?.spec ?? {
    eventEmitters: [],
    methods: [],
  };
  const names = [...methods, ...eventEmitters].map(({ name }) => name);
  expect(names.length).toBeGreaterThan(20);
  const fake = createFakeNative() as unknown as Record<string, unknown>;
  expect(names.filter((name) => typeof fake[name] !== 'function')).toEqual([]);
});

it('writes a Java and an Objective-C class to implement', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kivyx-codegen-'));
  try {
    generate(
      {
        assumeNonnull: false,
        libraryName: 'KivyxOtaSpec',
        outputDirectory: folder,
        packageName: 'org.kivyx.ota',
        schema,
      },
      { generators: ['modulesAndroid', 'modulesIOS'] },
    );
    const java = readFileSync(join(folder, 'java/org/kivyx/ota/NativeKivyxOtaSpec.java'), 'utf8');
    expect(java).toContain('public abstract void sha256File(String path, Promise promise);');
    expect(readFileSync(join(folder, 'KivyxOtaSpec/KivyxOtaSpec.h'), 'utf8')).toContain(
      '- (void)sha256File:',
    );
  } finally {
    rmSync(folder, { force: true, recursive: true });
  }
});
