/** What the recorder is doing, for everything that shows it or keeps quiet meanwhile. */
import { create } from 'zustand'
import type { MicrophoneChoice, MicrophoneProblem } from './microphone.ts'

type RecorderPhase = 'closed' | 'opening' | 'ready' | 'counting' | 'recording' | 'keeping'

interface RecorderState {
  readonly phase: RecorderPhase
  readonly problem: MicrophoneProblem | null
  readonly microphones: readonly MicrophoneChoice[]
  /** The chosen one; null for what the system prefers. */
  readonly deviceId: string | null
  /** 3, 2, 1 while counting. */
  readonly countsLeft: number
  readonly startedAtMilliseconds: number
}

export const useRecorder = create<RecorderState>(() => ({
  phase: 'closed',
  problem: null,
  microphones: [],
  deviceId: null,
  countsLeft: 0,
  startedAtMilliseconds: 0,
}))

/** True while the microphone hears the room for keeps. */
export function isRecording(): boolean {
  return useRecorder.getState().phase === 'recording'
}

/** The loudest sample of the last moment, 0 to 1 and above; read every frame, so React hears nothing of it. */
let peak = 0
const FALL_PER_READING = 0.93

export function noteLevel(samples: Float32Array): void {
  for (const sample of samples) peak = Math.max(peak, Math.abs(sample))
}

/** The level now; it falls slowly, so that an eye can follow. */
export function readLevel(): number {
  const level = peak
  peak *= FALL_PER_READING
  return level
}
