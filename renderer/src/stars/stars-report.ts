/** The last prediction of the open project, and whether the edit is still the one that was judged. */
import { useMemo } from 'react'
import { reportId } from '../../../shared/document/document.ts'
import type { Cut } from '../../../shared/document/records.ts'
import { usedSpans } from '../../../shared/document/used-spans.ts'
import { starsAnswer, type StarsAnswer } from '../../../shared/contract/stars.ts'
import { useDocument } from '../state/document-store.ts'

export interface StarsReport {
  readonly answer: StarsAnswer
  readonly createdAt: string
}

/** Null where nothing was predicted yet. */
export function useStarsReport(): StarsReport | null {
  const record = useDocument((state) => state.document.get(reportId('stars')))
  return useMemo(() => {
    if (record?.kind !== 'report') return null
    const parsed = starsAnswer.safeParse(record.data)
    return parsed.success ? { answer: parsed.data, createdAt: record.createdAt } : null
  }, [record])
}

/** What the present edit is known by. */
export function useEditKey(): string {
  const document = useDocument((state) => state.document)
  return useMemo(() => usedSpans(document).key, [document])
}

/** The answer that a kept cut was given; null where it cannot be read any more. */
export function answerOfCut(cut: Cut): StarsAnswer | null {
  return starsAnswer.safeParse(cut.stars).data ?? null
}
