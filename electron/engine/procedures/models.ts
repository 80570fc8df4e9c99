import { addModelFolder, removeModel } from '../models/user-models.ts'
import { listModels } from '../models/model-list.ts'
import { readManifest } from '../models/manifest-file.ts'
import type { Session } from '../session.ts'
import { implementer } from './implementer.ts'

/** Models of this machine; downloading one is a job. */
export function modelsProcedures(session: Session) {
  const home = session.options.home
  return {
    list: implementer.models.list.handler(() => listModels(home)),
    inspect: implementer.models.inspect.handler(({ input }) => readManifest(session.files.resolve(input.manifest))),
    addFolder: implementer.models.addFolder.handler(async ({ input, signal }) => {
      const folder = session.files.resolve(input.folder)
      const context = { signal: signal ?? new AbortController().signal, spawn: session.options.host.spawnModel }
      await addModelFolder(home, folder, input.licence, context)
      return await listModels(home)
    }),
    remove: implementer.models.remove.handler(async ({ input }) => {
      await removeModel(home, input.digest)
      return await listModels(home)
    }),
  }
}
