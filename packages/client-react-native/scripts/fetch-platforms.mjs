// Takes from npm what the native code is checked against and no package of the workspace brings: the classes of React Native 0.70.15
// (the last release with its Android archive on npm), the sources of the versions that are supported, and the declarations of libraries
// that the adapters and the migration guides are about. Only the files that are needed are kept, in .cache/platforms. Usage: node scripts/fetch-platforms.mjs
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const target = join(import.meta.dirname, '../.cache/platforms');
const { files, packages } = JSON.parse(readFileSync(join(import.meta.dirname, 'platforms.json'), 'utf8'));

mkdirSync(target, { recursive: true });
for (const [name, { package: spec, take }] of Object.entries(packages)) {
  const folder = join(target, spec.replace('/', '+'));
  // What was looked for is kept beside what was found: a copy from before the list grew is fetched anew.
  const list = JSON.stringify(files[take]);
  const listOf = join(folder, 'taken.json');
  if (existsSync(listOf) && readFileSync(listOf, 'utf8') === list) continue;
  const work = mkdtempSync(join(tmpdir(), 'kivyx-platform-'));
  const tarball = execFileSync('npm', ['pack', '--silent', spec], { cwd: work, encoding: 'utf8' }).trim();
  const wanted = files[take].map((path) => `package/${path}`);
  // A pattern that a version has no file for is no failure here: the test that looks for the file says which.
  execFileSync(
    'sh',
    ['-c', `tar xzf "$0" --wildcards "$@" 2>/dev/null; test -d package`, join(work, tarball), ...wanted],
    {
      cwd: work,
    },
  );
  for (const archive of wanted.filter((path) => path.endsWith('.aar')))
    execFileSync('jar', ['xf', join(work, archive), 'classes.jar'], { cwd: join(work, 'package') });
  // By a rename at the end: a folder that is there is whole.
  mkdirSync(join(target, 'work'), { recursive: true });
  rmSync(join(target, 'work', name), { force: true, recursive: true });
  writeFileSync(join(work, 'package/taken.json'), list);
  execFileSync('cp', ['-r', join(work, 'package'), join(target, 'work', name)]);
  rmSync(folder, { force: true, recursive: true });
  renameSync(join(target, 'work', name), folder);
  rmSync(work, { recursive: true });
  console.log(spec);
}
rmSync(join(target, 'work'), { force: true, recursive: true });
