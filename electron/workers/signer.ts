/**
 * Entry of the signer's process: a child process of Node, or a utility process of the desktop application. Messages go
 * to the session; nothing else happens here. When the session locks or the host goes away, the process ends.
 */
import { connectionsHere } from '../engine/chain/signer/connected-keys.ts'
import { keepDumpsEmpty } from '../engine/empty-dumps.ts'
import { SignerSession } from '../engine/chain/signer/signer-session.ts'
import type { SignerAnswer } from '../engine/chain/signer/protocol.ts'

/** What Electron gives a utility process in place of `process.send`. */
interface ParentPort {
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): void
  postMessage(message: unknown): void
}

const parentPort = (process as NodeJS.Process & { readonly parentPort?: ParentPort }).parentPort
const end = (): never => process.exit(0)
// The default would print the error, and what it quotes, to whoever holds our standard error.
for (const event of ['uncaughtException', 'unhandledRejection'] as const) process.on(event, () => process.exit(70))

keepDumpsEmpty()

function send(answer: SignerAnswer): void {
  if (parentPort) parentPort.postMessage(answer)
  else process.send?.(answer)
}

/** Lets the last answer out first. */
const session = new SignerSession({ send, onLocked: () => setImmediate(end), connections: connectionsHere })
const receive = (message: unknown): void => void session.receive(message)

if (parentPort) parentPort.on('message', ({ data }) => receive(data))
else {
  process.on('message', receive)
  process.on('disconnect', end)
}
