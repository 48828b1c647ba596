/**
 * Where a path of the files port lies for a library that knows only absolute paths.
 *
 * @throws RangeError for a path that could leave the folder
 */
export function libraryPath(directory: string, path: string): string {
  if (path.split('/').some((segment) => segment === '' || segment === '.' || segment === '..'))
    throw new RangeError(`${JSON.stringify(path)} is no relative path`);
  return `${directory.replace(/^file:\/\//, '').replace(/\/+$/, '')}/${path}`;
}

/** The same for libraries that want a URI. */
export function libraryUri(directory: string, path: string): string {
  return `file://${libraryPath(directory, path).split('/').map(encodeURIComponent).join('/')}`;
}
