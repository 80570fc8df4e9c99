/** Asks the person for files: by a dialog of the shell where there is one, else by that of the browser. */
import type { Host } from '../state/host.ts'
import { takeIn } from './take-in.ts'

/**
 * Tokens of what was chosen; none where nothing was.
 * @param title of the dialog of a shell
 */
export async function chooseFiles(host: Host, title: string): Promise<string[]> {
  if (host.pickFiles) return await host.pickFiles('files', title)
  const files = await filesOfBrowser()
  return files.length > 0 ? await takeIn(host, files) : []
}

async function filesOfBrowser(): Promise<{ file: File; path: string }[]> {
  const input = document.createElement('input')
  input.type = 'file'
  input.multiple = true
  const files = await new Promise<readonly File[]>((resolve) => {
    input.addEventListener('change', () => resolve([...(input.files ?? [])]), { once: true })
    input.addEventListener('cancel', () => resolve([]), { once: true })
    input.click()
  })
  return files.map((file) => ({ file, path: file.name }))
}
