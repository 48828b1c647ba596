import { blankOut, closingIndex } from './code-scan.ts';
import { expoError } from './error.ts';

const FILE = 'MainApplication.kt';
const IMPORT = 'import org.kivyx.ota.KivyxOta';
const PATH = 'if (BuildConfig.DEBUG) null else KivyxOta.bundlePath(applicationContext)';
const EXPECTED =
  '`getDefaultReactHost(context = applicationContext, …)` (React Native 0.82 and later), `ExpoReactHostFactory.getDefaultReactHost(…)` (Expo 55 and later) or `object : DefaultReactNativeHost(this) {` (React Native 0.81 and before)';

/**
 * `MainApplication.kt` that asks KivyxOta which bundle to launch, except in debug builds. One over Expo's own host (Expo 55 and later)
 * stays as it is: that host asks the handler of this package at every load. Doing it twice changes nothing.
 *
 * @throws ERR_EXPO_TEMPLATE_UNKNOWN, ERR_EXPO_BUNDLE_PATH_TAKEN
 */
export function editMainApplication(source: string): string {
  const code = blankOut(source);
  if (/\bKivyxOta\s*\.\s*(bundlePath|reactHost)\s*\(/.test(code)) return source;
  const taken = /\b(jsBundleFilePath|getJSBundleFile)\b/.exec(code);
  if (taken !== null)
    throw expoError(
      'ERR_EXPO_BUNDLE_PATH_TAKEN',
      `${FILE}, line ${lineOf(source, taken.index)}: ${taken[1]} is already set, by hand or by another updater. Remove that, or call KivyxOta.bundlePath(applicationContext) there yourself`,
      { details: { file: FILE, line: lineOf(source, taken.index) } },
    );
  if (/\bExpoReactHostFactory\s*\.\s*getDefaultReactHost\s*\(/.test(code)) return source;
  const edited = inReactHost(source, code) ?? inReactNativeHost(source, code);
  if (edited === undefined)
    throw expoError(
      'ERR_EXPO_TEMPLATE_UNKNOWN',
      `${FILE}: expected ${EXPECTED}, found none of them. Set the bundle path by hand: docs/guide/install-react-native.md`,
      { details: { expected: EXPECTED, file: FILE } },
    );
  return withImport(edited);
}

/** `getDefaultReactHost(context = applicationContext, …)`: a named argument more. */
function inReactHost(source: string, code: string): string | undefined {
  for (const call of code.matchAll(/\bgetDefaultReactHost\s*\(/g)) {
    const open = call.index + call[0].length - 1;
    const inside = code.slice(open, closingIndex(code, open));
    const context = /\bcontext\s*=\s*applicationContext\s*,/.exec(inside);
    if (context === null) continue;
    const at = open + context.index;
    const indent = /[ \t]*$/.exec(source.slice(0, at))?.[0] ?? '';
    const end = at + context[0].length;
    return `${source.slice(0, end)}\n${indent}jsBundleFilePath = ${PATH},${source.slice(end)}`;
  }
  return undefined;
}

/** `object : DefaultReactNativeHost(this) {`: a method more. */
function inReactNativeHost(source: string, code: string): string | undefined {
  const host = /\n([ \t]*)object\s*:\s*DefaultReactNativeHost\s*\(\s*this\s*\)\s*\{/.exec(code);
  if (host === null) return undefined;
  const end = host.index + host[0].length;
  const indent = `${host[1] ?? ''}  `;
  return `${source.slice(0, end)}\n${indent}override fun getJSBundleFile(): String? =\n${indent}    ${PATH}\n${source.slice(end)}`;
}

function withImport(source: string): string {
  if (source.includes(IMPORT)) return source;
  const imports = [...source.matchAll(/^import [^\n]+$/gm)];
  const last = imports[imports.length - 1];
  if (last === undefined)
    throw expoError('ERR_EXPO_TEMPLATE_UNKNOWN', `${FILE}: expected imports, found none`, {
      details: { expected: 'import …', file: FILE },
    });
  const end = last.index + last[0].length;
  return `${source.slice(0, end)}\n${IMPORT}${source.slice(end)}`;
}

function lineOf(source: string, index: number): number {
  return source.slice(0, index).split('\n').length;
}
