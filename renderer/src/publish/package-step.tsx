import { useState } from 'react'
import { CircleCheck, CircleX, Package } from 'lucide-react'
import type { PackAnswer } from '../../../shared/contract/answers.ts'
import { useEngine } from '../state/engine-context.ts'
import { RunningJob, useRunning } from '../jobs/running-job.tsx'
import { byteWords, shortened } from '../ui/format.ts'
import { reasonWords } from '../ui/saying-words.ts'
import { starsMatch, type StarsMatch } from '../../../shared/contract/stars.ts'
import { OriginalMatches } from '../stars/original-matches.tsx'
import { t } from '../i18n/text.ts'
import { ChangedSince } from './changed-since.tsx'
import { VouchFor } from './vouch-for.tsx'

interface PackageStepProps {
  readonly packed: PackAnswer | null
  /** The project is another than what was packed. */
  readonly hasChanged: boolean
  /** What is packed is on a chain: packed anew it can say that it replaces that. */
  readonly isMinted: boolean
  readonly onNext: () => void
}

export function PackageStep({ packed, hasChanged, isMinted, onNext }: PackageStepProps) {
  const { run } = useEngine()
  const running = useRunning('pack')
  const [seal, setSeal] = useState(packed?.sealed_for !== undefined)
  const [replaces, setReplaces] = useState(false)
  // What a package replaces, it replaces also when it is packed again before it is minted.
  const earlier = (isMinted ? packed?.root_cid : packed?.supersedes) ?? null
  const supersedes = isMinted && !replaces ? null : earlier
  return (
    <>
      <p className="muted">{t('package.what')}</p>
      <label className="check">
        <input type="checkbox" checked={seal} onChange={(event) => setSeal(event.target.checked)} />
        <span>{t('package.seal')}</span>
      </label>
      {isMinted && earlier ? (
        <label className="check">
          <input type="checkbox" checked={replaces} onChange={(event) => setReplaces(event.target.checked)} />
          <span>{t('package.replaces', { address: shortened(earlier, 12) })}</span>
        </label>
      ) : null}
      <button
        className={packed && !hasChanged ? 'button' : 'button button--primary'}
        disabled={running !== undefined}
        onClick={() => void run('pack', { out: null, licence: null, profile: null, seal, supersedes })}
      >
        <Package size={15} aria-hidden />{' '}
        {running ? t('package.packing') : packed ? t('package.again') : t('package.make')}
      </button>
      {running ? <RunningJob job={running} /> : null}
      {hasChanged && !running ? <ChangedSince /> : null}
      {packed ? (
        <>
          <dl className="facts">
            <dt>{t('package.address')}</dt>
            <dd className="mono" title={packed.root_cid}>
              {shortened(packed.root_cid, 12)}
            </dd>
            <dt>{t('package.holds')}</dt>
            <dd className="num">{t('package.files', { count: packed.files, bytes: byteWords(packed.bytes) })}</dd>
            {packed.supersedes ? (
              <>
                <dt>{t('package.supersedes')}</dt>
                <dd className="mono" title={packed.supersedes}>
                  {shortened(packed.supersedes, 12)}
                </dd>
              </>
            ) : null}
            {packed.sealed_for ? (
              <>
                <dt>{t('package.sealed')}</dt>
                <dd className="mono" title={packed.sealed_for}>
                  {shortened(packed.sealed_for, 12)}
                </dd>
              </>
            ) : null}
          </dl>
          <h3>{t('package.checks')}</h3>
          <ul className="checks">
            {packed.checks.map((check) => (
              <li key={check.id}>
                {check.ok ? (
                  <CircleCheck size={15} className="good" aria-label={t('package.passed')} />
                ) : (
                  <CircleX size={15} className="bad" aria-label={t('package.failed')} />
                )}
                <span>
                  {reasonWords({ reason: check.detail, said: check.said?.detail })}
                  {check.fix && !check.ok ? (
                    <span className="muted"> {reasonWords({ reason: check.fix, said: check.said?.fix })}</span>
                  ) : null}
                </span>
              </li>
            ))}
          </ul>
          <OriginalMatches matches={matchesOf(packed)} />
          <VouchFor rootCid={packed.root_cid} />
          <button className={hasChanged ? 'button' : 'button button--primary'} onClick={onNext}>
            {t('publish.nextUpload')}
          </button>
        </>
      ) : null}
    </>
  )
}

/** What is alike in works that were known before; matches of another shape are left out. */
function matchesOf({ originality }: PackAnswer): StarsMatch[] {
  return (originality?.matches ?? []).flatMap((match) => starsMatch.safeParse(match).data ?? [])
}
