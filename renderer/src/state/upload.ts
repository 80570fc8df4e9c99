/** Files dropped on a window in a browser go to the engine byte by byte: the page may not know where they lie. */
import { t } from '../i18n/text.ts'
import { EngineGone } from './engine-line.ts'

export interface DroppedFiles {
  readonly files: readonly { readonly file: File; readonly path: string }[]
}

/** What a name may not hold everywhere the project may be taken to; the engine takes no others. */
const RESERVED = /[\\:*?"<>|\p{Cc}]/gu
const MOST_LETTERS = 200

/** The same name, as far as every file system takes it; its end, which says what it is, stays. */
export function portableName(name: string): string {
  const safe = name.replace(RESERVED, '_')
  const end = /\.[^.]{1,12}$/.exec(safe)?.[0] ?? ''
  return safe.length <= MOST_LETTERS ? safe : safe.slice(0, MOST_LETTERS - end.length) + end
}

export async function uploadFiles({ files }: DroppedFiles, onProgress: (fraction: number) => void): Promise<string[]> {
  const batch = crypto.randomUUID()
  const total = files.reduce((sum, { file }) => sum + file.size, 0)
  let sentBefore = 0
  for (const { file, path } of files) {
    const address = `/upload/${batch}?path=${encodeURIComponent(path.split('/').map(portableName).join('/'))}`
    await posted(address, file, (sent) => onProgress(total > 0 ? Math.min(1, (sentBefore + sent) / total) : 1))
    sentBefore += file.size
  }
  return (JSON.parse(await posted(`/upload/${batch}/done`)) as { files: string[] }).files
}

/** A request that tells how far it is, which `fetch` does not; answers with its text. */
async function posted(
  address: string,
  file?: File,
  onSent: (bytes: number) => void = () => undefined,
): Promise<string> {
  const request = new XMLHttpRequest()
  return await new Promise<string>((resolve, reject) => {
    request.upload.addEventListener('progress', ({ loaded }) => onSent(loaded))
    request.addEventListener('load', () => {
      if (request.status < 300) return resolve(request.responseText)
      const why = `${request.status} ${request.responseText}`
      reject(new Error(t('library.notTaken', { name: file?.name ?? '', why })))
    })
    // A file that goes or changes while it is read fails the same way as an engine that goes.
    request.addEventListener('error', () =>
      reject(file ? new Error(t('library.cutOff', { name: file.name })) : new EngineGone('during')),
    )
    request.open('POST', address)
    request.send(file)
  })
}
