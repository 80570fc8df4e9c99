/** Sends files dropped on a browser window to the engine as bytes: a page does not know their paths. */
import { t } from '../i18n/text.ts'
import { EngineGone } from './engine-line.ts'

export interface DroppedFiles {
  readonly files: readonly { readonly file: File; readonly path: string }[]
}

/** Characters that some file system does not allow in names; the engine refuses them. */
const RESERVED = /[\\:*?"<>|\p{Cc}]/gu
const MOST_LETTERS = 200

/** The name changed so that every file system accepts it; its extension stays. */
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

/** A request with progress, which `fetch` does not have; resolves with the response text. */
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
