import { useState, type DragEvent } from 'react'
import { showFailure, useEngine } from '../state/engine-context.ts'
import type { DroppedFiles } from '../state/host.ts'
import { notify } from '../state/session-store.ts'
import { t } from '../i18n/text.ts'
import { importTokens } from './import-tokens.ts'

/** Files and folders dropped anywhere on the window are imported. */
export function useFileDrop() {
  const { host, run } = useEngine()
  const [over, setOver] = useState(false)

  const take = async (data: DataTransfer): Promise<void> => {
    const files = await filesOf(data)
    if (files.length === 0) return
    notify({ kind: 'info', title: t('library.taking', { count: files.length }) })
    const tokens = await host.receiveDrop({ files }, () => undefined)
    await importTokens(run, tokens)
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
        if (event.currentTarget === event.target) setOver(false)
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
