import { useEffect } from 'react'
import { Tooltip } from 'radix-ui'
import { Group, Panel, Separator } from 'react-resizable-panels'
import { timelineExtent } from '../../../shared/document/document-extent.ts'
import { useActionContext, useShortcuts } from '../actions/use-actions.ts'
import { AlignPanel } from '../align/align-panel.tsx'
import { ExportDialog } from '../export/export-dialog.tsx'
import { Inspector } from '../inspector/inspector.tsx'
import { ImportDialog } from '../library/import-dialog.tsx'
import { LedgerPanel } from '../ledger/ledger-panel.tsx'
import { Library } from '../library/library.tsx'
import { RemoveDialog } from '../library/remove-dialog.tsx'
import { useFileDrop } from '../library/use-file-drop.ts'
import { ModelsDialog } from '../models/models-dialog.tsx'
import { PublishPanel } from '../publish/publish-panel.tsx'
import { Stage } from '../stage/stage.tsx'
import { StarsPanel } from '../stars/stars-panel.tsx'
import { useDocument } from '../state/document-store.ts'
import { useRecords } from '../state/use-records.ts'
import { useSession, type Workspace } from '../state/session-store.ts'
import { setTransportBounds } from '../state/transport.ts'
import { Timeline } from '../timeline/timeline.tsx'
import { timelineView } from '../timeline/view-state.ts'
import { FailureShield } from '../ui/failure-shield.tsx'
import { WalletsDialog } from '../wallets/wallets-dialog.tsx'
import { CommandPalette } from './command-palette.tsx'
import { Notices } from './notices.tsx'
import { ShortcutSheet } from './shortcut-sheet.tsx'
import { TopBar } from './top-bar.tsx'
import { Tour } from './tour.tsx'
import { useWorkspaceLayout } from './workspace-layout.ts'
import './app.css'
import { t } from '../i18n/text.ts'

const SIDE: Readonly<Record<Workspace, () => React.JSX.Element>> = {
  align: AlignPanel,
  edit: Inspector,
  stars: StarsPanel,
  publish: PublishPanel,
  ledger: LedgerPanel,
}

/** The window with a project open: library, stage and timeline stay; the workspace decides what is at the right. */
export function Studio() {
  const context = useActionContext()
  useShortcuts(context)
  const workspace = useSession((state) => state.workspace)
  const Side = SIDE[workspace]
  const columns = useWorkspaceLayout('columns', workspace)
  const rows = useWorkspaceLayout('rows', workspace)
  const drop = useFileDrop()

  return (
    <Tooltip.Provider delayDuration={400}>
      <div className="studio" {...drop.handlers}>
        <Extent />
        <TopBar context={context} />
        <Tour />
        <Group className="studio__body" orientation="horizontal" {...columns}>
          <Panel id="library" minSize="190px" maxSize="420px" collapsible>
            <FailureShield>
              <Library />
            </FailureShield>
          </Panel>
          <Separator className="separator separator--vertical" />
          <Panel id="centre" minSize="320px">
            <Group orientation="vertical" {...rows}>
              <Panel id="stage" minSize="120px">
                <FailureShield>
                  <Stage />
                </FailureShield>
              </Panel>
              <Separator className="separator separator--horizontal" />
              <Panel id="timeline" minSize="150px">
                <FailureShield>
                  <Timeline context={context} />
                </FailureShield>
              </Panel>
            </Group>
          </Panel>
          <Separator className="separator separator--vertical" />
          <Panel id="side" minSize="280px" maxSize="720px">
            <div className="studio__side">
              <div
                id="workspace"
                role="tabpanel"
                aria-label={t(`workspace.${workspace}`)}
                className="studio__workspace"
                data-part="workspace"
              >
                <FailureShield key={workspace}>
                  <Side />
                </FailureShield>
              </div>
              <Notices />
            </div>
          </Panel>
        </Group>
        {drop.over ? <div className="drop-hint">{t('app.dropHint')}</div> : null}
        <FailureShield isFloating>
          <CommandPalette context={context} />
          <ShortcutSheet />
          <ImportDialog />
          <RemoveDialog />
          <ExportDialog />
          <ModelsDialog />
          <WalletsDialog />
        </FailureShield>
      </div>
    </Tooltip.Provider>
  )
}

/** Tells playhead and timeline where what is on the timeline begins and ends. */
function Extent() {
  const tracks = useRecords('track')
  useEffect(() => {
    const [start, end] = timelineExtent(useDocument.getState().document)
    setTransportBounds(start, end)
    timelineView.setExtent(start, end)
  }, [tracks])
  return null
}
