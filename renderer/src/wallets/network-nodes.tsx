import { useState } from 'react'
import { t } from '../i18n/text.ts'
import { useEngine } from '../state/engine-context.ts'
import { networkTitle } from './network-choice.tsx'
import { nameNodes, useWallets, type NetworkChoice } from './wallets-store.ts'

/** The addresses of the nodes that are asked about a network, one a line; agreed to on the page of the confirmation. */
export function NetworkNodes({ onDone }: { readonly onDone: () => void }) {
  const engine = useEngine()
  const { networks, network, waiting } = useWallets()
  const nameable = networks.filter(({ practice }) => !practice)
  const [id, setId] = useState(() => (nameable.find((each) => each.id === network) ?? nameable[0])?.id ?? '')
  const [text, setText] = useState('')
  const chosen = nameable.find((each) => each.id === id)
  const urls = text.split(/\s+/).filter(Boolean)
  const areAddresses = urls.length > 0 && urls.every(isAddress)
  const name = async (addresses: readonly string[]): Promise<void> => {
    if (await nameNodes(engine, id, addresses)) {
      setText('')
      if (addresses.length > 0) onDone()
    }
  }
  return (
    <form
      className="card stack"
      aria-label={t('wallets.nodes')}
      onSubmit={(event) => {
        event.preventDefault()
        if (areAddresses) void name(urls)
      }}
    >
      <p className="muted">{t('wallets.nodesWhat')}</p>
      <label className="field">
        <span>{t('mint.network')}</span>
        <select className="input" value={id} onChange={(event) => setId(event.target.value)}>
          {nameable.map((each) => (
            <option key={each.id} value={each.id}>
              {each.main ? t('wallets.mainNetwork', { network: networkTitle(each) }) : networkTitle(each)}
            </option>
          ))}
        </select>
      </label>
      {chosen?.ready ? <Named network={chosen} onForget={() => void name([])} /> : null}
      <label className="field">
        <span>{t('wallets.nodeAddresses')}</span>
        <textarea
          className="input mono"
          rows={3}
          value={text}
          autoFocus
          spellCheck={false}
          autoComplete="off"
          aria-invalid={urls.length > 0 && !areAddresses}
          onChange={(event) => setText(event.target.value)}
        />
      </label>
      <p className="muted">{t(chosen?.main ? 'wallets.nodesMain' : 'wallets.nodesSeveral')}</p>
      <div className="row">
        <button className="button button--primary" disabled={!areAddresses || waiting !== null}>
          {t('wallets.nodesNow')}
        </button>
        <button type="button" className="button" onClick={onDone}>
          {t('app.cancel')}
        </button>
      </div>
    </form>
  )
}

function Named({ network, onForget }: { readonly network: NetworkChoice; readonly onForget: () => void }) {
  return (
    <div className="row">
      <span>
        {t('wallets.nodesKnown', { count: network.nodes.length, quorum: network.quorum })}{' '}
        <span className="mono">{network.nodes.join(', ')}</span>
      </span>
      <span className="spacer" />
      <button type="button" className="button button--quiet" onClick={onForget}>
        {t('wallets.nodesForget')}
      </button>
    </div>
  )
}

const isAddress = (text: string): boolean => /^https?:$/.test(URL.parse(text)?.protocol ?? '')
