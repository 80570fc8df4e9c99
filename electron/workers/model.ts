/** Entry of the process of a model that a person brought: one question after another, until the host ends it or goes away. */
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { ModelQuestion, ModelReply, ModelRequest, ModelToOpen } from '../engine/models/model-process.ts'
import { openPictureTextModel } from '../engine/models/picture-text-model.ts'
import { openWhisperModel } from '../engine/speech/whisper-model.ts'
import { AsterismError } from '../../shared/errors.ts'
import { workerEntry } from './locate.ts'

/** What Electron gives a utility process in place of `process.send`. */
interface ParentPort {
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): void
  postMessage(message: unknown): void
}

const parentPort = (process as NodeJS.Process & { readonly parentPort?: ParentPort }).parentPort

function send(reply: ModelReply): void {
  if (parentPort) parentPort.postMessage(reply)
  else process.send?.(reply)
}

type OpenedModel = (question: ModelQuestion) => Promise<unknown>

async function openModel(model: ModelToOpen): Promise<OpenedModel> {
  // Beside the thread that is inside the runtime, since that one can look at nothing meanwhile; and at work before it is.
  const watch = new Worker(workerEntry('memory-watch'), { workerData: model.mostBytes })
  await once(watch, 'message')
  watch.unref()
  return await (model.purpose === 'speech-to-text' ? openWhisperModel(model) : openPictureTextModel(model))
}

let opened: Promise<OpenedModel> | null = null
/** One question at a time: what two need at once could be more memory than there is. */
let last: Promise<unknown> = Promise.resolve()

function receive(request: ModelRequest): void {
  if ('open' in request) {
    opened = openModel(request.open)
    // Told with the first question.
    opened.catch(() => undefined)
    return
  }
  const { id, question } = request
  last = last.then(async () => {
    try {
      const answer = await (await opened)?.(question)
      send({ id, answer })
    } catch (error) {
      const known = error instanceof AsterismError ? error : null
      const message = error instanceof Error ? error.message : String(error)
      send({ id, code: known?.code ?? 'internal', message, fix: known?.fix, said: known?.said })
    }
  })
}

if (parentPort) parentPort.on('message', ({ data }) => receive(data as ModelRequest))
else {
  process.on('message', (message) => receive(message as ModelRequest))
  process.on('disconnect', () => process.exit(0))
}
