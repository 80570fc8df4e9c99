import { TriangleAlert } from 'lucide-react'
import type { PackEntry } from '../../../shared/contract/packs.ts'
import { reasonWords } from '../ui/saying-words.ts'

/** What is to be doubted of a pack, as it was measured when it was made. */
export function PackDoubts({ doubts }: { doubts: PackEntry['warnings'] }) {
  return doubts.map((doubt) => (
    <p key={doubt.reason} className="stars-note">
      <TriangleAlert size={14} aria-hidden /> <span>{reasonWords(doubt)}</span>
    </p>
  ))
}
