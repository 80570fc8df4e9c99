import { Copy, Microscope, Package, Scissors, Sparkles, Star, type LucideIcon } from 'lucide-react'
import { Tabs } from 'radix-ui'
import { recordsOf, timeMapId, transformId } from '../../../shared/document/document.ts'
import { useDocument } from '../state/document-store.ts'
import { useEngine } from '../state/engine-context.ts'
import { STARS_TABS, useSession, type StarsTab } from '../state/session-store.ts'
import { RunningJob, useRunning } from '../jobs/running-job.tsx'
import { t } from '../i18n/text.ts'
import { CutsTab } from './cuts-tab.tsx'
import { MicroscopeTab } from './microscope-tab.tsx'
import { OriginalityTab } from './originality-tab.tsx'
import { PacksTab } from './packs-tab.tsx'
import { useStarsReport } from './stars-report.ts'
import { ValueTab } from './value-tab.tsx'
import { starsRequest } from './stars-request.ts'
import './stars.css'

const TABS: Readonly<Record<StarsTab, { readonly Icon: LucideIcon; readonly Content: () => React.JSX.Element }>> = {
  value: { Icon: Star, Content: ValueTab },
  originality: { Icon: Copy, Content: OriginalityTab },
  cuts: { Icon: Scissors, Content: CutsTab },
  microscope: { Icon: Microscope, Content: MicroscopeTab },
  packs: { Icon: Package, Content: PacksTab },
}

/** What the take is predicted to be worth, why, under which pack, and what would raise it. */
export function StarsPanel() {
  const document = useDocument((state) => state.document)
  const tab = useSession((state) => state.starsTab)
  const { run } = useEngine()
  const running = useRunning('stars')
  const report = useStarsReport()
  const hasAssets = recordsOf(document, 'asset').length > 0
  return (
    <section className="panel" aria-label={t('stars.title')}>
      <Tabs.Root
        className="panel"
        value={tab}
        onValueChange={(value) => useSession.setState({ starsTab: STARS_TABS.find((each) => each === value) })}
      >
        <div className="panel__head">
          <h2>{t('stars.title')}</h2>
          <span className="spacer" />
          <button
            className="button button--primary"
            disabled={!hasAssets || running !== undefined}
            onClick={() => {
              if (tab === 'originality') useSession.setState({ starsTab: 'value' })
              void run('stars', starsRequest())
            }}
          >
            <Sparkles size={14} aria-hidden /> {report ? t('stars.again') : t('stars.predict')}
          </button>
        </div>
        <Tabs.List className="stars-tabs" aria-label={t('stars.parts')}>
          {STARS_TABS.map((each) => {
            const { Icon } = TABS[each]
            return (
              <Tabs.Trigger key={each} value={each} className="subtabs__tab">
                <Icon size={13} aria-hidden /> {t(`stars.tab.${each}`)}
                {each === 'originality' && report && report.answer.originality.matches.length > 0 ? (
                  <span className="badge badge--warn num">{report.answer.originality.matches.length}</span>
                ) : null}
              </Tabs.Trigger>
            )
          })}
        </Tabs.List>
        {running ? (
          <div className="stars-running">
            <RunningJob job={running} />
          </div>
        ) : null}
        {STARS_TABS.map((each) => {
          const { Content } = TABS[each]
          return (
            <Tabs.Content key={each} value={each} className="panel__body stack">
              {report || each === 'packs' ? <Content /> : <NothingYet />}
            </Tabs.Content>
          )
        })}
      </Tabs.Root>
    </section>
  )
}

function NothingYet() {
  const document = useDocument((state) => state.document)
  const aligned =
    recordsOf(document, 'clock').some((clock) => document.has(timeMapId(clock.id))) ||
    recordsOf(document, 'asset').some((asset) => document.has(transformId(asset.id)))
  return (
    <div className="empty">
      <Star size={40} aria-hidden className="stars-empty" />
      <p>
        {t('stars.what')}
        {aligned ? '' : ` ${t('stars.alignFirst')}`}
      </p>
      <p className="faint">{t('stars.noPromise')}</p>
    </div>
  )
}
