/**
 * Sends the CAR file to a tus server (tus.io, resumable upload protocol 1.0.0). The URL of an upload is on disk before
 * its first byte is sent, so that it resumes where it stopped after either side was killed.
 */
import { throwIfCancelled } from '../../../../shared/errors.ts'
import { say } from '../../../../shared/sayings/saying.ts'
import { UploadJournal } from './journal.ts'
import { readBack } from './read-back.ts'
import { notedAs, type UploadRequest, type UploadResult, type UploadTarget } from './target.ts'
import { lostError } from './tus-failures.ts'
import { sendByTus, tusJournalSchema } from './tus-sending.ts'

async function uploadByTus(request: UploadRequest): Promise<UploadResult> {
  throwIfCancelled(request.signal)
  // The archive is determined by its root, so the key identifies its bytes, not their place on this machine.
  const key = `tus ${request.destination} ${request.rootCid} ${request.carBytes}`
  const journal = new UploadJournal(request.stateDirectory, key, tusJournalSchema)
  const sent = await sendByTus(request, journal)
  const read = await readBack(sent.url, request)
  const result = {
    target: 'tus',
    location: sent.url,
    bytes_sent: request.carBytes - sent.skippedBytes,
    bytes_skipped: sent.skippedBytes,
  }
  if (read.kind === 'unreadable') return { ...result, verified: false, ...notedAs(read.why) }
  if (read.kind === 'different') {
    await journal.forget()
    throw lostError(say('upload.otherThanSent'), request)
  }
  return { ...result, verified: true }
}

export const tusTarget: UploadTarget = {
  id: 'tus',
  title: 'Resumable upload (tus)',
  supports: (destination) => /^https?:\/\//i.test(destination) && URL.canParse(destination),
  upload: uploadByTus,
}
