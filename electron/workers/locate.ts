/** Where the code of a worker lies: beside this file when run from source, under `workers/` in a build. */
export function workerEntry(name: string): URL {
  const here = import.meta.url
  if (here.endsWith('.ts')) return new URL(`./${name}.ts`, here)
  // In a build this code may stand in the main bundle, in a shared chunk, or in a worker's own bundle.
  const folder = here.slice(0, here.lastIndexOf('/') + 1)
  if (folder.endsWith('/workers/')) return new URL(`./${name}.js`, folder)
  return new URL(folder.endsWith('/chunks/') ? `../workers/${name}.js` : `./workers/${name}.js`, folder)
}
