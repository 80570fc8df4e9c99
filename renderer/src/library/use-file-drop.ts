import { useState, type DragEvent } from 'react'
import { showFailure, useEngine } from '../state/engine-context.ts'
import type { DroppedFiles } from '../state/upload.ts'
import { useSession } from '../state/session-store.ts'
import { importTokens } from './import-tokens.ts'
import { takeIn } from './take-in.ts'

/**
 * Files and folders dropped anywhere on the window are imported.
 * @param prepare makes what they are imported into, by the name of the first, where no project is open yet
 */
export function useFileDrop(prepare: (name: string) => Promise<unknown> = async () => undefined) {
  const { host, run } = useEngine()
  const [over, setOver] = useState(false)

  const take = async (data: DataTransfer): Promise<void> => {
    const files = await filesOf(data)
    const [first] = files
    if (!first) return
    // They may be dropped on the dialog that asks for them.
    if (useSession.getState().dialog === 'import') useSession.setState({ dialog: null })
    await prepare(first.path.split('/')[0]!)
    await importTokens(run, await takeIn(host, files))
  }

  return {
    over,
    handlers: {
      onDragOver(event: DragEvent) {
        if (!event.dataTransfer.types.includes('Files')) return
        event.preventDefault()
        setOver(true)
      },
      onDragLeave(event: DragEvent) {
        // From one part of the window to another it is still over the window.
        const to = event.relatedTarget
        if (!(to instanceof Node) || !event.currentTarget.contains(to)) setOver(false)
      },
      onDrop(event: DragEvent) {
        event.preventDefault()
        setOver(false)
        take(event.dataTransfer).catch(showFailure)
      },
    },
  }
}

async function filesOf(data: DataTransfer): Promise<DroppedFiles['files'][number][]> {
  // Both are read before the first wait: the data of a drop is gone after its event.
  const items = [...data.items]
    .filter((item) => item.kind === 'file')
    .map((item) => ({ entry: item.webkitGetAsEntry(), file: item.getAsFile() }))
  const found: DroppedFiles['files'][number][] = []
  for (const { entry, file } of items) {
    if (entry) await collect(entry, '', found)
    else if (file) found.push({ file, path: file.name })
  }
  return found
}

async function collect(entry: FileSystemEntry, folder: string, found: DroppedFiles['files'][number][]): Promise<void> {
  const path = `${folder}${entry.name}`
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject))
    found.push({ file, path })
    return
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader()
  for (;;) {
    const batch = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject))
    if (batch.length === 0) return
    for (const child of batch) await collect(child, `${path}/`, found)
  }
}
