/**
 * Records against the picture: the playhead starts, and what the microphone hears from that moment on is kept sample by
 * sample. Whatever moves the playhead otherwise (pause, the end, a jump) ends the recording.
 */
import { recordsOf } from '../../../shared/document/document.ts'
import type { TakePlacement } from '../../../shared/contract/commentary.ts'
import type { EngineClient } from '../../../shared/contract/client.ts'
import { capturedAt, type CaptureClock } from '../../../shared/signal/capture-clock.ts'
import { decimalWords, t } from '../i18n/text.ts'
import { useDocument } from '../state/document-store.ts'
import { showFailure, type EngineAccess } from '../state/engine-context.ts'
import { usePreferences } from '../state/preferences.ts'
import { announce, notify } from '../state/session-store.ts'
import { isAtEnd, now, seek, setRate, useTransport } from '../state/transport.ts'
import { listMicrophones, Microphone, NoMicrophone, type Piece } from './microphone.ts'
import { isRecording, noteLevel, useRecorder } from './recorder-store.ts'
import { TakeSender } from './take-sender.ts'

const COUNTS = 3
const COUNT_MILLISECONDS = 1000
/** How long the clock of a microphone that was just opened is listened to before it is relied on. */
const SETTLE_MILLISECONDS = 700
/** What was said until the playhead stopped comes a moment later. */
const TAIL_MILLISECONDS = 150
/** Until the recording is finished and its clock is known better. */
const PROVISIONAL: Omit<TakePlacement, 'offsetSeconds'> = { ratePpm: 0, sigmaOffsetSeconds: 0.02, sigmaRatePpm: 60 }

interface Session {
  readonly recorderId: string
  readonly ending: AbortController
  readonly microphone: Microphone
  /** It was unplugged: nothing more comes from it. */
  isGone: boolean
}

/** The recording under way. */
interface Take {
  readonly recordingId: string
  readonly sender: TakeSender
  /** Project seconds at a moment of the window's clock. */
  readonly anchorSeconds: number
  readonly anchorWindowSeconds: number
  readonly endSeconds: number | null
  /** The frame of the microphone that is the recording's first; null until the playhead's start has been heard. */
  firstFrame: number | null
  readonly stopFollowing: () => void
}

let session: Session | null = null
let take: Take | null = null
let counting: AbortController | null = null

const wait = (milliseconds: number, signal?: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds)
    signal?.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true })
  })

/** Asks for the microphone and listens to it, keeping nothing; a problem is shown where the recorder is. */
export async function openRecorder(client: EngineClient, deviceId: string | null): Promise<boolean> {
  closeRecorder()
  useRecorder.setState({ phase: 'opening', problem: null, deviceId })
  const ending = new AbortController()
  try {
    // The engine knows first: a shell grants the microphone only while the recorder is open.
    const opened = await (await client.commentary.open(undefined, { signal: ending.signal })).next()
    const recorderId = opened.done ? '' : opened.value.recorderId
    const microphone = await Microphone.open(deviceId, { onPiece, onGone })
    session = { recorderId, ending, microphone, isGone: false }
    useRecorder.setState({ phase: 'ready', microphones: await listMicrophones(), deviceId: microphone.deviceId })
    return true
  } catch (error) {
    ending.abort()
    useRecorder.setState({ phase: 'closed', problem: error instanceof NoMicrophone ? error.problem : null })
    if (!(error instanceof NoMicrophone)) showFailure(error)
    return false
  }
}

/** Lets go of the microphone. A recording under way is left to the engine, which keeps it. */
export function closeRecorder(): void {
  counting?.abort()
  take?.stopFollowing()
  take = null
  session?.microphone.close()
  session?.ending.abort()
  session = null
  useRecorder.setState({ phase: 'closed', problem: null })
}

/** Starts, or stops what was started; the key for it does both. */
export async function toggleRecording(access: EngineAccess): Promise<void> {
  const { phase } = useRecorder.getState()
  if (phase === 'counting') counting?.abort()
  else if (phase === 'recording') setRate(0)
  else if (phase === 'ready' || phase === 'closed') await record(access)
}

/** From the playhead, or over in and out where both are set: then it starts and stops by itself. */
async function record({ client }: EngineAccess): Promise<void> {
  if (!session) {
    if (!(await openRecorder(client, useRecorder.getState().deviceId))) return
    await wait(SETTLE_MILLISECONDS)
  }
  if (!session) return
  const { recorderId, microphone } = session
  setRate(0)
  const { inSeconds, outSeconds } = useTransport.getState()
  const isRange = inSeconds !== null && outSeconds !== null && outSeconds > inSeconds
  if (isRange) seek(inSeconds)
  if (isAtEnd()) {
    notify({ kind: 'info', title: t('commentary.atEnd') })
    return
  }
  const startSeconds = now()
  if (!(await count())) return
  try {
    const span = { startSeconds, endSeconds: isRange ? outSeconds : null }
    const { recordingId } = await client.commentary.begin({
      recorderId,
      sampleRateHz: microphone.sampleRateHz,
      channels: microphone.channels,
      placement: { ...PROVISIONAL, offsetSeconds: startSeconds },
      span,
      microphone: microphone.label.slice(0, 200),
      title: t('commentary.takeTitle', {
        number: recordsOf(useDocument.getState().document, 'commentaryTake').length + 1,
      }),
      trackTitle: t('commentary.track'),
    })
    const sender = new TakeSender(client, recordingId, microphone, () => void end(client))
    seek(startSeconds)
    setRate(1)
    const { anchorSeconds, anchorMilliseconds, rate } = useTransport.getState()
    const stopFollowing = useTransport.subscribe((state) => {
      if (state.anchorMilliseconds !== anchorMilliseconds || state.rate !== rate) void end(client)
    })
    take = {
      recordingId,
      sender,
      anchorSeconds,
      anchorWindowSeconds: anchorMilliseconds / 1000,
      endSeconds: span.endSeconds,
      firstFrame: null,
      stopFollowing,
    }
    useRecorder.setState({ phase: 'recording', startedAtMilliseconds: anchorMilliseconds })
    announce(t('commentary.recording'))
  } catch (error) {
    useRecorder.setState({ phase: 'ready' })
    showFailure(error)
  }
}

/** Three, two, one, unless the person wants none; false when it was called off. */
async function count(): Promise<boolean> {
  if (!usePreferences.getState().countdown) return true
  counting = new AbortController()
  const { signal } = counting
  for (let left = COUNTS; left > 0 && !signal.aborted; left--) {
    useRecorder.setState({ phase: 'counting', countsLeft: left })
    announce(String(left))
    await wait(COUNT_MILLISECONDS, signal)
  }
  counting = null
  if (signal.aborted && session) useRecorder.setState({ phase: 'ready' })
  return !signal.aborted
}

function onPiece(piece: Piece): void {
  noteLevel(piece.samples)
  if (!take || !session) return
  const clock = session.microphone.clock()
  if (!clock) return
  const { channels, sampleRateHz } = session.microphone
  const first = take.firstFrame ?? frameAt(clock, take.anchorWindowSeconds, sampleRateHz)
  if (piece.frame + piece.frames <= first) return
  take.firstFrame ??= Math.max(piece.frame, first)
  take.sender.add(piece.samples.slice(Math.max(0, first - piece.frame) * channels))
  // Until the out point has been heard, which is a little after it was shown.
  const heard = projectSecondsOf(take, capturedAt(clock, piece.frame + piece.frames, sampleRateHz))
  if (take.endSeconds !== null && heard >= take.endSeconds) setRate(0)
}

function onGone(): void {
  notify({ kind: 'error', title: t('commentary.gone'), detail: isRecording() ? t('commentary.goneKept') : undefined })
  if (session) session.isGone = true
  if (isRecording()) setRate(0)
  else if (take === null) closeRecorder()
}

const frameAt = (clock: CaptureClock, windowSeconds: number, sampleRateHz: number): number =>
  Math.ceil(((windowSeconds - clock.startSeconds) / (1 + clock.ratePpm * 1e-6)) * sampleRateHz)

const projectSecondsOf = (of: Take, windowSeconds: number): number =>
  of.anchorSeconds + (windowSeconds - of.anchorWindowSeconds)

async function end(client: EngineClient): Promise<void> {
  const stopped = take
  const microphone = session?.microphone
  if (!stopped || !microphone || !isRecording()) return
  useRecorder.setState({ phase: 'keeping' })
  stopped.stopFollowing()
  setRate(0)
  try {
    await wait(TAIL_MILLISECONDS)
    take = null
    await stopped.sender.flush()
    const clock = microphone.clock()
    const placement: TakePlacement = clock
      ? {
          offsetSeconds: projectSecondsOf(stopped, capturedAt(clock, stopped.firstFrame ?? 0, microphone.sampleRateHz)),
          ratePpm: clock.ratePpm,
          sigmaOffsetSeconds: clock.sigmaStartSeconds,
          sigmaRatePpm: clock.sigmaRatePpm,
        }
      : { ...PROVISIONAL, offsetSeconds: stopped.anchorSeconds }
    const kept = await client.commentary.finish({ recordingId: stopped.recordingId, placement })
    seek(stopped.anchorSeconds)
    announce(kept ? t('commentary.kept', { seconds: decimalWords(kept.seconds, 1) }) : t('commentary.nothing'))
    if (!kept) notify({ kind: 'info', title: t('commentary.nothing') })
  } catch (error) {
    showFailure(error)
  } finally {
    take = null
    if (session?.isGone) closeRecorder()
    else if (session?.microphone === microphone) useRecorder.setState({ phase: 'ready' })
  }
}
