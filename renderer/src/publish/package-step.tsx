import { CircleCheck, CircleX, Package } from 'lucide-react'
import type { PackAnswer } from '../../../shared/contract/answers.ts'
import { useEngine } from '../state/engine-context.ts'
import { RunningJob, useRunning } from '../jobs/running-job.tsx'
import { byteWords, shortened } from '../ui/format.ts'

export function PackageStep({ packed, onNext }: { packed: PackAnswer | null; onNext: () => void }) {
  const { run } = useEngine()
  const running = useRunning('pack')
  return (
    <>
      <p className="muted">
        One content-addressed folder that a lab's buyer can read without asking: media, alignment, edit, words, licence,
        prediction. The same project gives the same address, always.
      </p>
      <button
        className="button button--primary"
        disabled={running !== undefined}
        onClick={() => void run('pack', { out: null, licence: null, profile: null })}
      >
        <Package size={15} aria-hidden /> {running ? 'Packing…' : packed ? 'Pack again' : 'Make the package'}
      </button>
      {running ? <RunningJob job={running} /> : null}
      {packed ? (
        <>
          <dl className="facts">
            <dt>Address</dt>
            <dd className="mono" title={packed.root_cid}>
              {shortened(packed.root_cid, 12)}
            </dd>
            <dt>Holds</dt>
            <dd className="num">
              {packed.files} files, {byteWords(packed.bytes)}
            </dd>
          </dl>
          <h3>Checks</h3>
          <ul className="checks">
            {packed.checks.map((check) => (
              <li key={check.id}>
                {check.ok ? (
                  <CircleCheck size={15} className="good" aria-label="passed" />
                ) : (
                  <CircleX size={15} className="bad" aria-label="failed" />
                )}
                <span>
                  {check.detail}
                  {check.fix && !check.ok ? <span className="muted"> {check.fix}</span> : null}
                </span>
              </li>
            ))}
          </ul>
          <button className="button button--primary" onClick={onNext}>
            Next: practice mint
          </button>
        </>
      ) : null}
    </>
  )
}
