/** `npm run bench [-- area …]`: every figure beside a named reference, measured in the same run; `area:part` runs a part of those that have some. */
import { readdirSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import { join } from 'node:path'

type Bench = { run(print: (line: string) => void, parts: readonly string[]): Promise<void> }

const wanted = process.argv.slice(2).map((each) => {
  const [area, ...part] = each.split(':')
  return [area!, part.join(':')] as const
})
const all = readdirSync(import.meta.dirname)
  .filter((name) => name.endsWith('.bench.ts'))
  .map((name) => name.replace('.bench.ts', ''))
const unknown = wanted.find(([area]) => !all.includes(area))
if (unknown) throw new Error(`No bench is called ${unknown[0]}; there are: ${all.join(', ')}.`)
const areas = all.filter((area) => wanted.length === 0 || wanted.some(([each]) => each === area))

console.log(
  `${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores, load ${loadavg()[0]?.toFixed(1)}, Node ${process.versions.node}`,
)
for (const area of areas) {
  console.log(`\n== ${area}`)
  const bench = (await import(join(import.meta.dirname, `${area}.bench.ts`))) as Bench
  const parts = wanted.flatMap(([each, part]) => (each === area && part ? [part] : []))
  await bench.run((line) => console.log(line), parts)
}
