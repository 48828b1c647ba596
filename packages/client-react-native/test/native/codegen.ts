// React Native's own code generator, over the spec of the native module.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { newFolder } from './toolchain.ts';

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

/** As far as it is looked into. */
interface Schema {
  readonly modules: Readonly<
    Record<
      string,
      {
        readonly spec: {
          readonly methods: readonly {
            readonly name: string;
            readonly typeAnnotation: {
              readonly params: readonly { readonly name: string }[];
              readonly returnTypeAnnotation: { readonly type: string };
            };
          }[];
          readonly eventEmitters: readonly { readonly name: string }[];
        };
      }
    >
  >;
}

/** What the generator understood. */
export interface ModuleSpec {
  readonly methods: readonly {
    readonly name: string;
    readonly params: readonly string[];
    /** It gives a promise. */
    readonly isAsync: boolean;
  }[];
  readonly eventEmitters: readonly { readonly name: string }[];
}

const schema = new TypeScriptParser().parseFile(
  fileURLToPath(new URL('../../src/specs/NativeKivyxOta.ts', import.meta.url)),
);

export const moduleSpec: ModuleSpec = Object.values(schema.modules).map(({ spec }) => ({
  eventEmitters: spec.eventEmitters,
  methods: spec.methods.map(({ name, typeAnnotation }) => ({
    isAsync: typeAnnotation.returnTypeAnnotation.type === 'PromiseTypeAnnotation',
    name,
    params: typeAnnotation.params.map((param) => param.name),
  })),
}))[0] ?? { eventEmitters: [], methods: [] };

/** Writes the classes that an app's build writes; gives the folder: `java/…`, `KivyxOtaSpec/…`. */
export function generateSpec(): string {
  const folder = newFolder();
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
  return folder;
}

/** Selectors of the Objective-C protocol among what {@link generateSpec} wrote. */
export function selectorsOf(generated: string): readonly string[] {
  const header = readFileSync(join(generated, 'KivyxOtaSpec/KivyxOtaSpec.h'), 'utf8');
  const protocol = /@protocol NativeKivyxOtaSpec[^\n]*\n([^]*?)@end/.exec(header)?.[1] ?? '';
  return [...protocol.matchAll(/- \([^\n]*?\)(\w+[^;]*);/g)].map(([, declared = '']) => {
    const labels = declared.match(/\w+:(?=\()/g);
    return labels === null ? declared.trim() : labels.join('');
  });
}
