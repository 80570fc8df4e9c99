import { useCallback, useEffect, useState } from 'react'
import { CircleCheck, CircleDashed, FileCheck, Trash2 } from 'lucide-react'
import type { ListEntry, ListsAnswer, NeedMatch } from '../../../shared/contract/lists.ts'
import { dateWords, t } from '../i18n/text.ts'
import { showFailure, useEngine } from '../state/engine-context.ts'
import { tokenOfFile } from '../state/host.ts'
import { FileChoice } from '../ui/file-choice.tsx'
import { shortened } from '../ui/format.ts'
import { reasonWords } from '../ui/saying-words.ts'
import { etherWords } from './ether.ts'

/** What labs want, held against the open project, and which works others know: files with a signature, nothing asked of a network. */
export function SignedLists() {
  const { client, host } = useEngine()
  const [known, setKnown] = useState<ListsAnswer | null>(null)
  const refresh = useCallback(() => client.lists.all().then(setKnown, showFailure), [client])
  useEffect(() => void refresh(), [refresh])
  const take = async (file: File): Promise<void> => {
    const token = await tokenOfFile(host, file)
    if (token !== undefined) setKnown(await client.lists.take({ file: token }))
  }
  const remove = (id: string): void => void client.lists.remove({ id }).then(setKnown, showFailure)
  return (
    <section className="stack" aria-label={t('lists.title')}>
      <h3>{t('lists.title')}</h3>
      {known?.lists.length === 0 ? <p className="muted">{t('lists.what')}</p> : null}
      {known?.lists.map((list) => (
        <List key={list.id} list={list} onRemove={() => remove(list.id)} />
      ))}
      {known?.refused.map((each) => (
        <p key={each.path} className="ledger__refused bad" role="alert">
          <span>{reasonWords(each)}</span>
          <RemoveButton name={each.path} onRemove={() => remove(each.id)} />
        </p>
      ))}
      <FileChoice words={t('lists.import')} Icon={FileCheck} accept=".json" onChoose={take} />
    </section>
  )
}

function RemoveButton({ name, onRemove }: { name: string; onRemove: () => void }) {
  return (
    <button className="button" onClick={onRemove} aria-label={t('lists.remove', { title: name })}>
      <Trash2 size={14} aria-hidden />
    </button>
  )
}

function List({ list, onRemove }: { list: ListEntry; onRemove: () => void }) {
  return (
    <div className="card stack">
      <div className="row">
        <strong className="ledger__name">{list.title}</strong>
        <span className="spacer" />
        <RemoveButton name={list.title} onRemove={onRemove} />
      </div>
      <span className="faint">
        {t('lists.by', { issuer: shortened(list.issuer, 8) })}
        {list.until === null ? null : ` · ${t('lists.until', { date: dateWords(new Date(list.until * 1000)) })}`}
        {list.over ? ` · ${t('lists.over')}` : null}
      </span>
      {list.kind === 'fingerprints' ? <span>{t('lists.works', { count: list.works })}</span> : null}
      {list.needs.map((need) => (
        <Need key={need.id} need={need} />
      ))}
    </div>
  )
}

function Need({ need }: { need: NeedMatch }) {
  return (
    <div className="ledger__line">
      {need.fits ? (
        <CircleCheck size={14} className="good" aria-label={t('lists.fits')} />
      ) : (
        <CircleDashed size={14} aria-label={t('lists.lacks')} />
      )}
      <span>
        {need.title ?? need.text ?? need.id}{' '}
        <span className="faint">{t('lists.budget', { ether: etherWords(need.budget_wei) })}</span>
        {need.note ? <span className="muted"> {need.note}</span> : null}
        {need.fits ? null : <span className="muted ledger__missing">{missingWords(need)}</span>}
      </span>
    </div>
  )
}

const missingWords = ({ missing, missing_said: said }: NeedMatch): string =>
  missing.map((reason, n) => reasonWords({ reason, ...(said[n] && { said: said[n] }) })).join('; ')
