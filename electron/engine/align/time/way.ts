import { say, type Saying } from '../../../../shared/sayings/saying.ts'

const WAYS = ['audio', 'motion', 'timecode', 'event', 'hand'] as const

/** What a way of measuring is called within a reason. */
export function wayNamed(method: string): string | Saying {
  const known = WAYS.find((each) => each === method)
  return known ? say(`time.way.${known}`) : method
}
