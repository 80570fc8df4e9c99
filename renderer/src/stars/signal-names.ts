/** What the terms of the stars are called in the window. */
import { t, type PlainKey } from '../i18n/text.ts'

const NAMES: Readonly<Record<string, PlainKey>> = {
  usefulness: 'stars.signal.usefulness',
  wanted: 'stars.signal.wanted',
  base: 'stars.signal.base',
  picture: 'stars.signal.picture',
  sound: 'stars.signal.sound',
  motion: 'stars.signal.motion',
  'senses-in-sync': 'stars.signal.sync',
  words: 'stars.signal.words',
  'words-agreement': 'stars.signal.agreement',
  diversity: 'stars.signal.diversity',
  space: 'stars.signal.space',
  originality: 'stars.signal.originality',
  'near-duplicates': 'stars.signal.nearDuplicates',
  quality: 'stars.signal.quality',
  rights: 'stars.signal.rights',
}

/** A term that the window does not know yet keeps the name that the engine gave it. */
export function signalName(id: string): string {
  const key = NAMES[id]
  return key ? t(key) : id.replaceAll(/[-_]/g, ' ')
}
