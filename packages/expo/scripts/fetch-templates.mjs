// Takes the native files of the templates from npm into test/fixtures. Usage: node scripts/fetch-templates.mjs
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const TEMPLATES = {
  'expo-57': ['expo-template-bare-minimum@57.0.28', ''],
  'expo-58': ['expo-template-bare-minimum@58.0.8', ''],
  'react-native-0.81': ['@react-native-community/template@0.81.6', 'template'],
  'react-native-0.87': ['@react-native-community/template@0.87.2', 'template'],
};
const work = mkdtempSync(join(tmpdir(), 'templates-'));
for (const [name, [spec, inside]] of Object.entries(TEMPLATES)) {
  const tarball = execFileSync('npm', ['pack', '--silent', spec], { cwd: work, encoding: 'utf8' }).trim();
  execFileSync('tar', ['xzf', tarball], { cwd: work });
  const target = join(import.meta.dirname, '../test/fixtures', name);
  mkdirSync(target, { recursive: true });
  const from = join(work, 'package', inside);
  cpSync(
    join(from, 'android/app/src/main/java/com/helloworld/MainApplication.kt'),
    join(target, 'MainApplication.kt'),
  );
  cpSync(join(from, 'ios/HelloWorld/AppDelegate.swift'), join(target, 'AppDelegate.swift'));
  cpSync(join(work, 'package/LICENSE'), join(target, 'LICENSE'));
  rmSync(join(work, 'package'), { recursive: true });
  console.log(`${name}: ${spec}`);
}
rmSync(work, { recursive: true });
