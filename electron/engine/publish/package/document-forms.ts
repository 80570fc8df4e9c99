/** What the documents of a package must be, beyond being there: each of its kind, so that whoever reads one can. */
import { z } from 'zod'
import { linesOf, parseDocument, readStart } from './read-document.ts'
import type { PackageSource } from './package-source.ts'

interface JsonForm {
  readonly path: string
  readonly optional?: true
  readonly schema: z.ZodType
  readonly what: string
}

/** Held against the document as JSON. */
export const JSON_FORMS: readonly JsonForm[] = [
  {
    path: 'alignment.json',
    schema: z.looseObject({ format: z.literal('asterism-alignment/1'), assets: z.array(z.unknown()) }),
    what: 'is not an alignment of Asterism (asterism-alignment/1)',
  },
  {
    path: 'timeline.otio',
    schema: z.looseObject({ OTIO_SCHEMA: z.literal('Timeline.1') }),
    what: 'is not a time line (OpenTimelineIO, Timeline.1)',
  },
  {
    path: 'rights.json',
    schema: z.looseObject({ format: z.literal('asterism-rights/1') }),
    what: 'does not state rights (asterism-rights/1)',
  },
  {
    path: 'stars.json',
    optional: true,
    schema: z.looseObject({ stars: z.number(), low: z.number(), high: z.number() }),
    what: 'is not a prediction of stars',
  },
]

/** Held against the document as text, piece by piece. */
export const TEXT_FORMS: readonly {
  readonly path: string
  fault(source: PackageSource, path: string): Promise<string | null>
}[] = [
  {
    path: 'transcript.vtt',
    async fault(source, path) {
      const start = (await readStart(source, path, 64)).toString('utf8')
      return /^\uFEFF?WEBVTT(?:[ \t\r\n]|$)/.test(start) ? null : 'is not WebVTT'
    },
  },
  {
    path: 'annotations.jsonl',
    async fault(source, path) {
      let number = 0
      for await (const line of linesOf(source, path)) {
        number += 1
        if (line === null) return `has a line ${number} of more than a megabyte`
        const parsed = parseDocument(line)
        if ('fault' in parsed) return `has a line ${number} that ${parsed.fault}`
        if (!z.looseObject({ kind: z.string() }).safeParse(parsed.value).success) {
          return `has a line ${number} that is not an annotation`
        }
      }
      return null
    },
  },
]
