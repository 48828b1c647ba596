import { blankOut, closingIndex } from './code-scan.ts';
import { expoError } from './error.ts';

const FILE = 'AppDelegate.swift';
const IMPORT = 'import KivyxOta';
const EMBEDDED = /\bBundle\.main\.url\(\s*forResource:\s*"main",\s*withExtension:\s*"jsbundle"\s*\)/g;
const EXPECTED =
  '`Bundle.main.url(forResource: "main", withExtension: "jsbundle")` once in `override func bundleURL() -> URL?`';

/**
 * `AppDelegate.swift` whose release builds ask KivyxOta which bundle to launch; debug builds go on asking Metro. One over Expo's
 * own factory stays as it is: that factory asks the handler of this package at every load. Doing it twice changes nothing.
 *
 * @throws ERR_EXPO_TEMPLATE_UNKNOWN, ERR_EXPO_BUNDLE_PATH_TAKEN
 */
export function editAppDelegate(source: string): string {
  const code = blankOut(source);
  if (/\bKivyxOta\s*\.\s*bundleURL\s*\(/.test(code)) return source;
  const other = /\b(HotUpdater|CodePush)\s*\.\s*bundleURL\s*\(/.exec(code);
  if (other !== null)
    throw expoError(
      'ERR_EXPO_BUNDLE_PATH_TAKEN',
      `${FILE}: bundleURL() already asks ${other[1]}. Remove that updater, or its config plugin, first`,
      { details: { file: FILE } },
    );
  if (/\bExpoReactNativeFactory\s*\(/.test(code)) return source;
  const method = /\boverride\s+func\s+bundleURL\s*\(\s*\)\s*->\s*URL\s*\?\s*\{/.exec(code);
  if (method === null) throw unknown();
  const open = method.index + method[0].length - 1;
  const close = closingIndex(code, open);
  const body = source.slice(open, close);
  const places = [...body.matchAll(EMBEDDED)];
  const place = places[0];
  if (place === undefined || places.length > 1) throw unknown();
  const at = open + place.index;
  const edited = `${source.slice(0, at)}KivyxOta.bundleURL()${source.slice(at + place[0].length)}`;
  return withImport(edited);
}

function unknown(): Error {
  return expoError(
    'ERR_EXPO_TEMPLATE_UNKNOWN',
    `${FILE}: expected ${EXPECTED}, found another text. Return KivyxOta.bundleURL() from bundleURL() by hand: docs/guide/install-react-native.md`,
    { details: { expected: EXPECTED, file: FILE } },
  );
}

function withImport(source: string): string {
  if (new RegExp(`^${IMPORT}$`, 'm').test(source)) return source;
  const imports = [...source.matchAll(/^(?:internal |public |@testable )?import \w+[^\n]*$/gm)];
  const last = imports[imports.length - 1];
  if (last === undefined)
    throw expoError('ERR_EXPO_TEMPLATE_UNKNOWN', `${FILE}: expected imports, found none`, {
      details: { expected: 'import …', file: FILE },
    });
  const end = last.index + last[0].length;
  return `${source.slice(0, end)}\n${IMPORT}${source.slice(end)}`;
}
