import { useCallback, useEffect, useRef, useState } from 'react'
import { CircleX, FileCheck, ShieldCheck, Trash2 } from 'lucide-react'
import type { PackEntry, PacksAnswer } from '../../../shared/contract/packs.ts'
import { showFailure, useEngine } from '../state/engine-context.ts'
import { useSession } from '../state/session-store.ts'
import { FileChoice } from '../ui/file-choice.tsx'
import { byteWords, nameOfPath, shortened } from '../ui/format.ts'
import { reasonWords } from '../ui/saying-words.ts'
import { decimalWords, t } from '../i18n/text.ts'
import { PackDoubts } from './pack-doubts.tsx'
import { packWords } from './pack-words.ts'

interface Checked {
  readonly files: readonly string[]
  readonly answer: PacksAnswer
}

/** The valuation packs of this machine: which one counts, what each knows, and taking in another after it was checked. */
export function PacksTab() {
  const { client, host } = useEngine()
  const active = useSession((state) => state.starsPack)
  const [known, setKnown] = useState<PacksAnswer | null>(null)
  const [checked, setChecked] = useState<Checked | null>(null)
  const refresh = useCallback(() => client.packs.list().then(setKnown, showFailure), [client])
  useEffect(() => void refresh(), [refresh])
  // It opens at the end of a list that scrolls; taller than the view, its beginning is what is seen.
  const opened = useRef<HTMLElement>(null)
  useEffect(() => void opened.current?.scrollIntoView({ block: 'nearest' }), [checked])
  const check = async (files: readonly File[]): Promise<void> => {
    const dropped = files.map((file) => ({ file, path: file.name }))
    const tokens = await host.receiveDrop({ files: dropped }, () => undefined)
    if (tokens.length > 0) setChecked({ files: tokens, answer: await client.packs.verify({ files: tokens }) })
  }
  // Where every file was refused there is nothing to install, and nothing to leave.
  const canInstall = checked !== null && checked.answer.packs.length > 0
  const whatCame = t(canInstall ? 'packs.checked' : 'packs.noneTaken')
  const install = async (): Promise<void> => {
    if (!checked) return
    const { packs } = await client.packs.install({ files: [...checked.files] })
    setChecked(null)
    await refresh()
    if (packs[0]) useSession.setState({ starsPack: packs[0].digest })
  }
  const remove = async (pack: PackEntry): Promise<void> => {
    setKnown(await client.packs.remove({ digest: pack.digest }))
    if (active === pack.digest) useSession.setState({ starsPack: null })
  }
  return (
    <>
      <p className="muted">{t('packs.what')}</p>
      <div className="stack" role="radiogroup" aria-label={t('packs.active')}>
        {known?.packs.map((pack) => (
          <Pack
            key={pack.digest}
            pack={pack}
            active={pack.kind === 'built-in' ? active === null : active === pack.digest}
            onChoose={() => useSession.setState({ starsPack: pack.kind === 'built-in' ? null : pack.digest })}
            onRemove={pack.kind === 'built-in' ? null : () => void remove(pack).catch(showFailure)}
          />
        ))}
      </div>
      {known?.refused.map((each) => (
        <Refused key={each.path} refused={each} />
      ))}
      <FileChoice
        words={t('packs.check')}
        Icon={FileCheck}
        accept=".starpack"
        multiple
        onChoose={(_, all) => check(all)}
      />
      {checked ? (
        <section className="stack" aria-label={whatCame} ref={opened}>
          <h3>{whatCame}</h3>
          {checked.answer.packs.map((pack) => (
            <div key={pack.digest} className="card pack">
              <strong>{packWords(pack).title}</strong>
              <PackFacts pack={pack} />
            </div>
          ))}
          {checked.answer.refused.map((each) => (
            <Refused key={each.path} refused={each} />
          ))}
          <div className="row">
            {canInstall ? (
              <button className="button button--primary" onClick={() => void install().catch(showFailure)}>
                {t('packs.install')}
              </button>
            ) : null}
            <button className="button" onClick={() => setChecked(null)}>
              {t(canInstall ? 'packs.leave' : 'packs.understood')}
            </button>
          </div>
        </section>
      ) : null}
      <p className="faint">{t('packs.noPromise')}</p>
    </>
  )
}

function Refused({ refused }: { refused: PacksAnswer['refused'][number] }) {
  return (
    <p className="stars-note stars-note--bad" role="alert">
      <CircleX size={14} aria-hidden />{' '}
      {t('packs.refused', { file: nameOfPath(refused.path), reason: reasonWords(refused) })}
    </p>
  )
}

interface PackProps {
  readonly pack: PackEntry
  readonly active: boolean
  readonly onChoose: () => void
  readonly onRemove: (() => void) | null
}

function Pack({ pack, active, onChoose, onRemove }: PackProps) {
  const { title } = packWords(pack)
  return (
    <div className={`card pack ${active ? 'pack--active' : ''}`}>
      <label className="row">
        <input type="radio" name="stars-pack" checked={active} onChange={onChoose} />
        <strong>{title}</strong>
        <span className="spacer" />
        {active ? <span className="badge badge--good">{t('packs.inUse')}</span> : null}
        {onRemove ? (
          <button
            className="button button--quiet button--icon"
            aria-label={t('packs.remove', { title })}
            onClick={onRemove}
          >
            <Trash2 size={14} aria-hidden />
          </button>
        ) : null}
      </label>
      <PackFacts pack={pack} />
    </div>
  )
}

function PackFacts({ pack }: { pack: PackEntry }) {
  const base = pack.tasks.reduce((sum, task) => sum + task.base_size, 0)
  const held = pack.tasks.find((task) => task.held_out !== null)?.held_out
  return (
    <>
      <p className="muted">{packWords(pack).note}</p>
      <PackDoubts doubts={pack.warnings} />
      <dl className="facts">
        <dt>{t('packs.benchmark')}</dt>
        <dd>{pack.kind === 'built-in' ? t('packs.builtInBenchmark') : pack.benchmark}</dd>
        <dt>{t('packs.base')}</dt>
        <dd className="num">{pack.tasks.length > 0 ? t('stars.base', { count: base }) : t('stars.noBase')}</dd>
        {held ? (
          <>
            <dt>{t('packs.heldOut')}</dt>
            <dd className="num">
              {t('packs.heldOutOf', {
                correlation: decimalWords(held.spearman, 2),
                creators: held.creators,
                samples: held.samples,
              })}
            </dd>
          </>
        ) : null}
        <dt>{t('packs.made')}</dt>
        <dd className="num">
          {pack.created}, {byteWords(pack.bytes)}
        </dd>
        <dt>{t('packs.signedBy')}</dt>
        <dd>
          {pack.signed_by ? (
            <span className="mono">
              <ShieldCheck size={12} aria-hidden className="good" /> {pack.signed_by}
            </span>
          ) : (
            t('packs.ships')
          )}
        </dd>
        <dt>{t('packs.digest')}</dt>
        <dd className="mono" title={pack.digest}>
          {shortened(pack.digest, 8)}
        </dd>
      </dl>
    </>
  )
}
