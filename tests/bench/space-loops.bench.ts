/** A drifting phone scan of five rooms against itself: the absolute trajectory error before and after its loops close. */
import { fragmentsOf, lengthOf } from '../../electron/engine/align/space/capture-fragments.ts'
import { closeLoops } from '../../electron/engine/align/space/loop-closure.ts'
import { registerScans } from '../../electron/engine/align/space/register-scans.ts'
import { correctedPath } from '../../shared/geometry/path-correction.ts'
import { driftingWalk, trajectoryError } from '../fixtures/space/drifting-walk.ts'

/** Seeds 1 to 6 were looked at while this was made. */
const FIRST_SEED = 101

/** Four walks unless ASTERISM_BENCH_WALKS says otherwise. */
const WALKS = Number(process.env['ASTERISM_BENCH_WALKS'] ?? 4)

export async function run(print: (line: string) => void): Promise<void> {
  const shares: number[] = []
  for (let seed = FIRST_SEED; seed < FIRST_SEED + WALKS; seed++) {
    const walk = driftingWalk({ seed })
    const start = process.cpuUsage().user
    const register = async (...[a, b, options]: Parameters<typeof registerScans>) => registerScans(a, b, options)
    const closure = await closeLoops(await fragmentsOf(walk.frames(), walk.recorded), { register })
    const seconds = (process.cpuUsage().user - start) * 1e-6
    const before = trajectoryError(walk.recorded, walk.truth)
    const after = trajectoryError(correctedPath(walk.recorded, closure.knots), walk.truth)
    shares.push(after / before)
    const held = closure.loops.filter((loop) => loop.accepted).length
    print(
      `five rooms, ${lengthOf(walk.recorded).toFixed(0)} m, seed ${seed}: ${held} loops held, ${closure.loops.length - held} rejected; trajectory error ${(before * 100).toFixed(1)} to ${(after * 100).toFixed(1)} cm, ${seconds.toFixed(1)} s CPU with making the depth${closure.reason ? ` (${closure.reason})` : ''}`,
    )
  }
  const halved = shares.filter((share) => share <= 0.5).length
  const usual = shares.toSorted((a, b) => a - b)[shares.length >> 1] ?? 1
  print(
    `drifting phone scans: error halved at least in ${halved} of ${shares.length}, median ${(usual * 100).toFixed(0)} % of it left`,
  )
}
