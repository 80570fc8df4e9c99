import { sayingOfStep } from '../../../shared/sayings/step-label.ts'
import { reasonWords } from './saying-words.ts'

/** What a step of the history is called, in the language of the window also where the engine made it. */
export const stepWords = (label: string): string => reasonWords({ reason: label, said: sayingOfStep(label) })
