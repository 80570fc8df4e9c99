import type { JobInput } from '../../../shared/contract/jobs.ts'
import { useSession } from '../state/session-store.ts'

/** A prediction under the pack and against the wanted list that the person chose. */
export function starsRequest(): JobInput<'stars'> {
  const { starsPack, starsWanted } = useSession.getState()
  return { pack: null, installed: starsPack, wanted: starsWanted?.token ?? null }
}
