/** What the process of a brought model says comes through whole, for a window to say in its own language. */
import { expect, test } from 'vitest'
import { ModelProcess, type ModelReply, type ModelRequest } from '../../../electron/engine/models/model-process.ts'
import type { ProcessChannel } from '../../../electron/engine/process-channel.ts'
import { inEnglish, say } from '../../../shared/sayings/saying.ts'

const OPEN = { purpose: 'picture-text', folder: '/models/x', graphs: [], mostBytes: 1e9 } as const

function modelWith(answer: (id: number) => ModelReply | 'exit'): ModelProcess {
  let hear: (message: unknown) => void = () => undefined
  let end: () => void = () => undefined
  const channel: ProcessChannel = {
    send(message) {
      const request = message as ModelRequest
      if (!('id' in request)) return
      const reply = answer(request.id)
      queueMicrotask(() => (reply === 'exit' ? end() : hear(reply)))
    },
    onMessage: (listener) => (hear = listener),
    onExit: (listener) => (end = listener),
    kill: () => undefined,
  }
  return new ModelProcess('X', OPEN, new AbortController().signal, () => channel)
}

test('a refusal keeps what it is a saying of', async () => {
  const what = say('model.asksFor', { name: 'vision', input: 'audio' })
  const model = modelWith((id) => ({ id, code: 'unsupported_format', message: inEnglish(what), said: { what } }))
  await expect(model.ask({ kind: 'ready' })).rejects.toMatchObject({
    message: 'vision of the model asks for “audio”.',
    said: { what },
  })
})

test('a process that ends is told as a saying with what to do', async () => {
  await expect(modelWith(() => 'exit').ask({ kind: 'ready' })).rejects.toMatchObject({
    code: 'tool_failed',
    said: { what: { code: 'model.ended', slots: { title: 'X' } }, fix: { code: 'model.fix.removeOrOther' } },
  })
})
