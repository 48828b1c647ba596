/**
 * All packages that the wanted ones of a project's dependencies lead to, as pnpm's lockfile (version 9) names them: with versions
 * and peers. What else is locked in the workspace does not matter.
 */
export function lockedPackages(lockfile, project, isWanted) {
  const section = (name) => lockfile.split(`\n${name}:\n`)[1]?.split(/\n(?=\S)/)[0] ?? '';
  const blocks = (text) =>
    new Map(
      text
        .split(/\n(?= {2}\S)/)
        .map((block) => [/^\s*'?([^\s':]+)'?:/.exec(block)?.[1], block])
        .filter(([name]) => name !== undefined),
    );
  const snapshots = blocks(section('snapshots'));
  const idOf = (name, version) => (snapshots.has(version) ? version : `${name}@${version}`);
  const found = new Set();
  const visit = (id) => {
    if (found.has(id) || !snapshots.has(id)) return;
    found.add(id);
    for (const [, name, version] of snapshots.get(id).matchAll(/\n {6}'?([^\s':]+)'?: (\S+)/g))
      visit(idOf(name, version));
  };
  const own = blocks(section('importers')).get(project) ?? '';
  for (const [, name, version] of own.matchAll(
    /\n {6}'?([^\s':]+)'?:\n {8}specifier: .*\n {8}version: (\S+)/g,
  ))
    if (isWanted(name)) visit(idOf(name, version));
  return Array.from(found).sort();
}
