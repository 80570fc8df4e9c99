/**
 * Nothing twice, nothing lost: works that are uploaded, signed, sent and mined by processes killed at random moments, on
 * chains of this machine; once more with nodes that lose, delay, double, mix up and falsify answers. Two homes with a
 * chain each run side by side, since a killed process is mostly one that starts. `chain-kills:honest` and
 * `chain-kills:lying` run one of the two, `chain-kills:lying:1` one home of it, for a machine that is busy with more.
 */
import { seededRandom } from '../../shared/geometry/random.ts'
import { makeHome, removeHome } from '../fixtures/chain/chain-home.ts'
import { runKills, type KillRunResult } from '../fixtures/chain/kill-run.ts'

const HOMES = 2
const WORKS = 50
const KILLS = 200
const FIRST_SEED = 7
const SHARES_OF_FAULTS = { honest: 0, lying: 0.05 }

async function runOne(faults: number, seed: number, print: (line: string) => void): Promise<KillRunResult> {
  const home = makeHome()
  try {
    const half = { works: WORKS / HOMES, kills: KILLS / HOMES }
    return await runKills({ home, ...half, random: seededRandom(seed).next, faults, print })
  } finally {
    await removeHome(home)
  }
}

export async function run(print: (line: string) => void, parts: readonly string[]): Promise<void> {
  for (const [nodes, share] of Object.entries(SHARES_OF_FAULTS)) {
    const homes = Array.from({ length: HOMES }, (_, n) => n + 1).filter(
      (home) => parts.length === 0 || parts.includes(nodes) || parts.includes(`${nodes}:${home}`),
    )
    if (homes.length === 0) continue
    const began = performance.now()
    const results = await Promise.all(
      homes.map((home) => runOne(share, FIRST_SEED + home - 1, (line) => print(`  home ${home}:${line}`))),
    )
    const [works, mostKills] = [WORKS, KILLS].map((all) => (all / HOMES) * homes.length)
    const sum = (of: keyof KillRunResult): number => results.reduce((total, result) => total + result[of], 0)
    const [kills, tokens, duplicates, stuck, unseen] = [
      sum('kills'),
      sum('tokens'),
      sum('duplicates'),
      sum('stuck'),
      sum('unseen'),
    ]
    print(
      `${kills} kill -9, ${sum('faults')} false or lost answers, ${works} works: ${tokens} tokens, ${duplicates} duplicates, ${stuck} stuck, ${unseen} sent unseen (${((performance.now() - began) / 1000).toFixed(0)} s)`,
    )
    const holds = tokens === works && duplicates + stuck + unseen === 0
    print(`  held to ${mostKills}, ${works}, 0, 0, 0: ${holds && kills >= mostKills! ? 'yes' : 'NO'}`)
  }
}
