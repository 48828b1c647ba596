// The adapters take the libraries as they are published: their declarations from npm, type-checked against ours. And the names in the
// migration guides are names of the packages people come from.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { hasPlatforms, platformFolder, type PlatformName } from './native/platforms.ts';
import { newFolder, removeFolders } from './native/toolchain.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const TSC = createRequire(import.meta.url).resolve('typescript/bin/tsc');

const LIBRARIES = {
  File57: ['expo-file-system-57', 'build/File', '{ File as File57 }'],
  File58: ['expo-file-system-58', 'build/File', '{ File as File58 }'],
  blobUtil: ['react-native-blob-util', 'index', 'blobUtil'],
  expoCrypto: ['expo-crypto', 'build/Crypto', '* as expoCrypto'],
  pogodin: ['pogodin-fs', 'lib/typescript/src/index', '* as pogodin'],
  quick: ['react-native-quick-crypto', 'lib/typescript/index', '* as quick'],
} as const satisfies Record<string, readonly [PlatformName, string, string]>;

/** What an app writes, by the READMEs. */
const CALLS = `
declare const ports: ClientPorts;
const { files, timer } = ports;
const directory = 'file:///data/';
const createAbort = () => new AbortController();
expoFileSystemDownloads({ File: File57, createAbort, directory, files, timer });
expoFileSystemDownloads({ File: File58, createAbort, directory, files, timer });
expoFileSystemSha256File({ File: File57, directory });
expoFileSystemSha256File({ File: File58, directory });
blobUtilDownloads({ blobUtil, directory, files, timer });
blobUtilSha256File({ blobUtil, directory });
pogodinFsDownloads({ directory, files, fs: pogodin, timer });
pogodinFsSha256File({ directory, fs: pogodin });
expoCryptoRandom(expoCrypto);
expoCryptoSha256File({ crypto: expoCrypto, files });
quickCryptoRandom(quick);
quickCryptoSha256File({ File: File57, crypto: quick, directory });
`;

/** What the compiler says of `code` under those imports; nothing when it is content. */
function check(code: string): string {
  const folder = newFolder();
  const imports = Object.values(LIBRARIES).map(
    ([name, file, what]) => `import ${what} from ${JSON.stringify(join(platformFolder(name), file))};`,
  );
  const entry = (name: string): string => `@kivyx-ota/client-react-native/${name}`;
  const own = [
    ['blobUtilDownloads, blobUtilSha256File', entry('blob-util')],
    ['expoCryptoRandom, expoCryptoSha256File', entry('expo-crypto')],
    ['expoFileSystemDownloads, expoFileSystemSha256File', entry('expo-file-system')],
    ['pogodinFsDownloads, pogodinFsSha256File', entry('pogodin-fs')],
    ['quickCryptoRandom, quickCryptoSha256File', entry('quick-crypto')],
    ['type ClientPorts', '@kivyx-ota/client'],
  ].map(([names, from]) => `import { ${names} } from '${from}';`);
  writeFileSync(join(folder, 'app.ts'), [...imports, ...own, code].join('\n'));
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({
      compilerOptions: {
        allowImportingTsExtensions: true,
        customConditions: ['@kivyx-ota/source'],
        exactOptionalPropertyTypes: true,
        lib: ['es2022', 'dom'],
        module: 'esnext',
        moduleResolution: 'bundler',
        noEmit: true,
        paths: {
          '@kivyx-ota/client': [join(ROOT, 'packages/client/src/index.ts')],
          '@kivyx-ota/client-react-native/*': [join(ROOT, 'packages/client-react-native/src/*.ts')],
        },
        skipLibCheck: true,
        strict: true,
        target: 'es2022',
        types: [],
      },
      files: ['app.ts'],
    }),
  );
  return spawnSync(process.execPath, [TSC, '-p', folder, '--pretty', 'false'], { encoding: 'utf8' }).stdout;
}

const READY = hasPlatforms([
  ...Object.values(LIBRARIES).map(([name]) => name),
  'code-push',
  'expo-cli-58',
  'expo-updates',
  'hot-updater',
]);

describe.skipIf(!READY)('libraries as they are on npm', () => {
  afterAll(removeFolders);

  it('fit the adapters, and what does not fit is refused', () => {
    expect(check(CALLS)).toBe('');
    // A check that cannot fail is none: were a library's declaration not found, everything would fit.
    const planted = Object.keys(LIBRARIES).map((name) => `export const no${name}: 1 = ${name};`);
    const wrong = [
      ...planted,
      'expoCryptoRandom(quick);',
      'blobUtilSha256File({ blobUtil: pogodin, directory });',
      'expoFileSystemSha256File({ File: expoCrypto, directory });',
    ];
    const said = check(`${CALLS}\n${wrong.join('\n')}`);
    expect(said.match(/^[^\s].*error TS/gm)).toHaveLength(wrong.length);
  }, 60_000);
});

describe.skipIf(!READY)('expo export:embed', () => {
  it('knows every word that the publisher gives to it', () => {
    const ours = readFileSync(join(ROOT, 'packages/publisher/src/node/run-bundler.ts'), 'utf8');
    const theirs = readFileSync(
      join(platformFolder('expo-cli-58'), 'build/src/export/embed/index.js'),
      'utf8',
    );
    // Of React Native's own command.
    const words = [...new Set([...ours.matchAll(/'(--[a-z-]+)'/g)].map(([, word = '']) => word))].filter(
      (word) => word !== '--load-config' && word !== '--config',
    );
    expect(words.length).toBeGreaterThan(7);
    expect(words.filter((word) => !theirs.includes(`'${word}'`))).toEqual([]);
  });
});

/**
 * By guide: the package, what an app gets of it, and names in the guide that are not of its declarations but of a service or a tool,
 * or made up for the table.
 */
const PEERS = {
  'migrate-from-codepush.md': {
    elsewhere: [
      'Staging',
      'Production',
      'remotePackage',
      'localPackage',
      'onProgress',
      'onStatus',
      'mode',
      'App',
    ],
    files: /typings\/react-native-code-push\.d\.ts$/,
    gives:
      /^ {4}function (\w+)|^ {8}([A-Z_]{5,}),?$|^ {4}(\w+)\?: (?:CodePush\.InstallMode|UpdateDialog|RollbackRetryOptions)/gm,
    peer: 'code-push',
  },
  'migrate-from-expo-updates.md': {
    elsewhere: [],
    files: /build\/(Updates|UseUpdates\.types)\.d\.ts$/,
    gives:
      /^export declare (?:function|const) (\w+)|^ {4}((?:is[CDURS]|restart|available|downloaded|currently|\w+Error|last)\w*)\??:/gm,
    peer: 'expo-updates',
  },
  'migrate-from-hot-updater.md': {
    // Of its command and its server.
    elsewhere: ['targetAppVersion', 'enabled', 'false', 'rolloutCohortCount'],
    files: /typescript\/module\/index\.d\.ts$/,
    gives: /^ {4}(\w+): (?:typeof|\()/gm,
    peer: 'hot-updater',
  },
} as const satisfies Record<
  string,
  { peer: PlatformName; files: RegExp; gives: RegExp; elsewhere: readonly string[] }
>;

const declarationsOf = (name: PlatformName, files: RegExp = /\.d\.ts$/): string =>
  readdirSync(platformFolder(name), { encoding: 'utf8', recursive: true })
    .filter((file) => files.test(file))
    .map((file) => readFileSync(join(platformFolder(name), file), 'utf8'))
    .join('\n');

describe.skipIf(!READY).each(Object.entries(PEERS))('%s', (guide, { elsewhere, files, gives, peer }) => {
  const text = readFileSync(join(ROOT, 'docs/guide', guide), 'utf8');
  // What is typed at a command line is of another package than the app's.
  const rows = text
    .replace(/^## Commands$[^]*?(?=^## )/m, '')
    .split('\n')
    .filter((line) => /^\| (?!---)/.test(line));

  it('names nothing that the package does not have', () => {
    const declared = declarationsOf(peer);
    const known = new Set<string>(elsewhere);
    const names = rows.flatMap((row) =>
      [...(row.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].flatMap(
        ([, span = '']) => span.match(/[A-Za-z_]{2,}/g) ?? [],
      ),
    );
    expect(names.filter((name) => !known.has(name) && !new RegExp(`\\b${name}\\b`).test(declared))).toEqual(
      [],
    );
    expect(names.length).toBeGreaterThan(15);
  });

  it('says of everything that the package gives to an app what becomes of it', () => {
    const given = [...declarationsOf(peer, files).matchAll(gives)].map(
      (match) => match.slice(1).find(Boolean) ?? '',
    );
    expect(given.length).toBeGreaterThan(15);
    expect([...new Set(given)].filter((name) => !new RegExp(`\\b${name}\\b`).test(text))).toEqual([]);
  });
});
