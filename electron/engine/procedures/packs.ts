import type { Session } from '../session.ts'
import { installPacks, listPacks, removePack, verifyPacks } from '../stars/pack-store.ts'
import { implementer } from './implementer.ts'

/** Valuation packs: nothing is trusted before it is checked, and nothing is kept that fails. */
export function packsProcedures(session: Session) {
  const home = session.options.home
  const paths = (files: readonly string[]): string[] => files.map((file) => session.files.resolve(file))
  return {
    list: implementer.packs.list.handler(() => listPacks(home)),
    verify: implementer.packs.verify.handler(async ({ input }) => {
      const { packs, refused } = await verifyPacks(paths(input.files))
      return { packs, refused }
    }),
    install: implementer.packs.install.handler(({ input }) => installPacks(home, paths(input.files))),
    remove: implementer.packs.remove.handler(({ input }) => removePack(home, input.digest)),
  }
}
