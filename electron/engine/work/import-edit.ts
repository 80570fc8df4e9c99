/** Files that change the timeline instead of adding a recording: edits of other programs, captions. */
import { randomUUID } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { basename, extname } from 'node:path'
import type { ImportAnswer } from '../../../shared/contract/answers.ts'
import type { DocumentRecord } from '../../../shared/document/records.ts'
import { placeCaptions, placeEdit } from '../../../shared/document/place-edit.ts'
import { AsterismError } from '../../../shared/errors.ts'
import { fileError } from '../publish/file-errors.ts'
import { readCaptions } from '../publish/formats/captions-read.ts'
import { readOtio } from '../publish/formats/otio-read.ts'

type Draft = Map<string, DocumentRecord>
type EditAnswer = ImportAnswer['edits'][number]

export interface ReadEdit {
  readonly label: string
  /** Changes the document and says what came of it. */
  apply(draft: Draft): EditAnswer
}

const LARGEST_BYTES = 200e6

async function textOf(path: string): Promise<string> {
  try {
    const { size } = await stat(path)
    if (size === 0) throw new AsterismError('empty_file', 'The file is empty.', { path })
    if (size > LARGEST_BYTES) throw new AsterismError('too_large', 'The file is too large to be an edit.', { path })
    return await readFile(path, 'utf8')
  } catch (error) {
    throw fileError(error, path)
  }
}

const nothing = { tracks: 0, clips: 0, markers: 0, captions: 0, unmatched: [], warnings: [] }

const READERS: Readonly<Record<string, (path: string, content: string) => ReadEdit>> = {
  '.otio': (path, content) => {
    const edit = readOtio(content)
    return {
      label: `Import the edit ${basename(path)}`,
      apply(draft) {
        const placed = placeEdit(draft, edit, randomUUID)
        return {
          ...nothing,
          path,
          format: 'otio',
          ...placed,
          unmatched: [...placed.unmatched],
          warnings: [...edit.warnings],
        }
      },
    }
  },
  '.vtt': captionReader('vtt'),
  '.srt': captionReader('srt'),
}

function captionReader(format: string): (path: string, content: string) => ReadEdit {
  return (path, content) => {
    const { cues, broken } = readCaptions(content)
    return {
      label: `Import the captions ${basename(path)}`,
      apply: (draft) => ({
        ...nothing,
        path,
        format,
        captions: placeCaptions(draft, cues, 'imported', randomUUID),
        warnings: broken > 0 ? [`${broken} cues could not be read and are left out.`] : [],
      }),
    }
  }
}

/** Null for anything that is not an edit by its name. @throws AsterismError when it is one and cannot be read. */
export async function readEdit(path: string): Promise<ReadEdit | null> {
  const read = READERS[extname(path).toLowerCase()]
  return read ? read(path, await textOf(path)) : null
}
