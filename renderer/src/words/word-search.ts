/** What is searched for in what is said. */
import { create } from 'zustand'
import type { SearchWay } from '../../../shared/document/find-words.ts'

export interface WordSearch extends SearchWay {
  readonly phrase: string
  /** Something else is to be said there. */
  readonly isReplacing: boolean
}

export const useWordSearch = create<WordSearch>(() => ({
  phrase: '',
  matchCase: false,
  wholeWords: false,
  isReplacing: false,
}))
