import { createChannel, type Channel } from '../async-channel.ts'
import type { Recordings } from '../commentary/recordings.ts'
import { implementer } from './implementer.ts'

export function commentaryProcedures(recordings: Recordings) {
  return {
    open: implementer.commentary.open.handler(({ signal }) => {
      const recorderId = recordings.openRecorder()
      const channel: Channel<{ recorderId: string }> = createChannel(() => recordings.closeRecorder(recorderId), signal)
      channel.push({ recorderId })
      return channel
    }),
    begin: implementer.commentary.begin.handler(async ({ input }) => ({ recordingId: await recordings.begin(input) })),
    append: implementer.commentary.append.handler(async ({ input }) => ({
      frames: await recordings.append(input.recordingId, input.frame, Buffer.from(input.samples, 'base64')),
    })),
    finish: implementer.commentary.finish.handler(({ input }) => recordings.finish(input.recordingId, input.placement)),
    discard: implementer.commentary.discard.handler(async ({ input }) => ({
      discarded: await recordings.discard(input.recordingId),
    })),
    recover: implementer.commentary.recover.handler(() => recordings.recover()),
  }
}
