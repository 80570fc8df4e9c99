/**
 * Modules of the window for tests that run in Node. They are loaded by address, so that the types of the DOM, which
 * these modules are checked against, do not come among those of Node; what is used of them is written down here.
 */
import type { EngineClient } from '../../../shared/contract/client.ts'
import type { History } from '../../../shared/contract/contract.ts'
import type { Document, Recipe } from '../../../shared/document/document.ts'
import type { AsterismError } from '../../../shared/errors.ts'
import type { TimelineModules } from './timeline-modules.ts'
import type { Saying } from '../../../shared/sayings/saying.ts'
import type { Clip, DocumentRecord, SpaceEvidence } from '../../../shared/document/records.ts'

interface ActionFacts {
  readonly id: string
  readonly group: string
  readonly shortcuts: readonly string[]
  readonly place?: string
}

/** An action that can be run on what a test has of the engine. */
interface RunnableAction extends ActionFacts {
  readonly disabledReason?: () => string | null
  readonly said?: () => string
  run(context: {
    commit(label: string, recipe: Recipe, mergeKey?: string, said?: () => string): void
  }): void | Promise<void>
}

export interface KeyEvent {
  readonly key: string
  readonly code: string
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly shiftKey: boolean
  readonly altKey: boolean
}

interface ChosenEntry {
  readonly token: string
  readonly name: string
}
type ChosenEntries = ReadonlyMap<string, string>

export type CatalogueMessage = string | { readonly one: string; readonly other: string }

interface Placed {
  readonly matrix: readonly number[]
  readonly isPlaced: boolean
}

interface ScanBox {
  readonly assetId: string
  readonly min: readonly number[]
  readonly max: readonly number[]
}

interface Follower {
  follow(wanted: { readonly seconds: number; readonly rate: number } | null, projectSeconds: number): void
  stand(): void
}

interface Line {
  newClient(): EngineClient
}

interface WindowModules extends TimelineModules {
  'actions/actions': { readonly actions: readonly RunnableAction[] }
  'actions/action': {
    conflictsOf(actions: readonly ActionFacts[]): string[]
    actionOfKey(actions: readonly ActionFacts[], shortcut: string, place: string | undefined): ActionFacts | undefined
    shortcutOf(event: KeyEvent): string
    leadsOutOfField(action: ActionFacts, event: KeyEvent): boolean
    shortcutWords(shortcut: string): string
    actionTitle(action: ActionFacts): string
  }
  'actions/keymap': {
    withKeys(
      actions: readonly ActionFacts[],
      preset: string,
      own: Readonly<Record<string, readonly string[]>>,
    ): ActionFacts[]
    rebind(actions: readonly ActionFacts[], id: string, shortcut: string): ActionFacts | null
    resetKeys(actions: readonly ActionFacts[], id: string): ActionFacts | null
    choosePreset(preset: string): void
    currentKeys(action: ActionFacts): readonly string[]
  }
  'state/engine-line': {
    readonly EngineLine: new (open: () => Promise<object>) => Line
    readonly EngineGone: new () => Error
    readonly LinkWanted: new () => Error
  }
  'state/connection': {
    readonly useConnection: {
      getState(): {
        readonly phase: string
        readonly returns: number
        readonly refused: string | null
        readonly interrupted: number
      }
      setState(state: { phase: 'opening'; returns: number; refused: null }): void
      subscribe(listener: (state: { readonly phase: string }) => void): () => void
    }
    stayConnected(
      line: Line,
      returning: { begin(): Promise<void>; lose(): number; resume(): Promise<void> },
      signal: AbortSignal,
    ): Promise<void>
  }
  'state/document-store': {
    readonly useDocument: {
      getState(): {
        readonly document: Document
        readonly history: History
        readonly saving: boolean
        readonly unsure: readonly string[]
      }
      setState(state: { document: Document; open?: boolean }): void
    }
    followDocument(client: EngineClient, signal: AbortSignal, begun?: () => void): Promise<void>
    commit(client: EngineClient, label: string, recipe: Recipe, mergeKey?: string): Promise<boolean>
    travel(client: EngineClient, direction: 'undo' | 'redo'): Promise<string | null>
  }
  'state/chosen-recordings': {
    chosenRecordings(choice: object): ReadonlySet<string>
    isChosenRecording(choice: object, assetId: string): boolean
    toggleRecording(assetId: string): void
    chooseRecordingsUpTo(assetId: string, order: readonly string[]): void
  }
  'library/chosen-entries': {
    withOther(chosen: ChosenEntries, entries: readonly ChosenEntry[], entry: ChosenEntry): ChosenEntries
    withSpan(chosen: ChosenEntries, entries: readonly ChosenEntry[], from: number, to: number): ChosenEntries
    withAllOrNone(chosen: ChosenEntries, entries: readonly ChosenEntry[]): ChosenEntries
  }
  'library/take-words': { takeWords(take: string | null): string }
  'state/derived-cache': {
    readonly DerivedCache: new () => {
      get(key: string): object | null
      load(key: string, fetchValue: () => Promise<object | null>): Promise<void>
    }
  }
  'state/jobs-store': {
    readonly useJobs: {
      getState(): { readonly derived: number; readonly deriving: ReadonlyMap<string, string> }
      setState(state: { jobs: ReadonlyMap<string, { readonly kind: string; readonly state: string }> }): void
    }
    followJobs(client: EngineClient, signal: AbortSignal): Promise<void>
  }
  'state/preferences': { readonly PRESETS: readonly string[] }
  'state/engine-context': {
    engineAccess(host: { readonly client: EngineClient }): {
      run(kind: string, input: object): Promise<object | null>
      commit(label: string, recipe: Recipe): void
    }
    showFailure(error: unknown): void
  }
  'state/look-for-media': { tellOfLoss(client: EngineClient, error: unknown): Promise<void> }
  'library/refusals': {
    tellOfRefusals(
      what: 'import' | 'relink',
      refused: readonly { readonly name: string; readonly reason: string }[],
    ): void
  }
  'state/kept-answer': {
    forgetAnswers(): void
    keptAnswer(key: string): unknown
    keepAnswer(client: EngineClient, key: string, answer: unknown): Promise<void>
    recallAnswer(client: EngineClient, key: string): Promise<void>
  }
  'i18n/text': {
    readonly useLanguage: { setState(state: { language: 'en' | 'de' | 'pseudo' }): void }
    t(key: string, values?: Readonly<Record<string, string | number>>): string
  }
  'ui/typed-number': {
    typedNumber(text: string): number | null
    fieldFigure(value: number, digits: number): string
  }
  'align/typed-sync-point': {
    syncPointOf(
      a: { readonly clockId: string; readonly seconds: string },
      b: { readonly clockId: string; readonly seconds: string },
    ): { readonly secondsA: number; readonly secondsB: number } | null
  }
  'ui/step-words': { stepWords(label: string): string }
  'ui/top-dialog': { bringToFront(element: object): () => void }
  'ui/saying-words': {
    reasonWords(item: { readonly reason: string; readonly said?: Saying }): string
    failureWords(failure: AsterismError): { readonly what: string; readonly rest: string }
  }
  'i18n/en/index': { readonly en: Readonly<Record<string, CatalogueMessage>> }
  'i18n/de/index': { readonly de: Readonly<Record<string, CatalogueMessage>> }
  'jobs/job-words': {
    jobWords(job: { kind: string; about?: { subject?: string; task?: string } }): string
  }
  'stage/candidate-preview': {
    offeredCandidates(piece: SpaceEvidence): number[]
    pairsOf(document: Document): SpaceEvidence[]
    openPair(document: Document, preview: { evidenceId: string; candidate: number } | null): SpaceEvidence | undefined
    withCandidate(
      document: Document,
      placements: ReadonlyMap<string, Placed>,
      preview: { evidenceId: string; candidate: number } | null,
    ): ReadonlyMap<string, Placed>
  }
  'stage/clip-time': {
    nearestShown(
      document: Document,
      streamId: string,
      projectSeconds: number,
    ): { readonly is: string; readonly awaySeconds: number }
    pictureOf(
      document: Document,
      streamId: string,
      projectSeconds: number,
    ): { readonly clip: Clip; readonly sourceSeconds: number } | null
  }
  'stage/reference-pictures': {
    isReferencePicture(packet: Uint8Array, lengthBytes: number): boolean
    lengthBytesOf(description: Uint8Array | undefined): number
  }
  'stage/media-follower': {
    readonly PictureFollower: new (element: object) => Follower
    readonly SoundFollower: new (element: object) => Follower & { mayLead: boolean }
  }
  'stage/scan-boxes': {
    readonly boxPlanes: readonly { distanceToPoint(point: object): number }[]
    boxAt(boxes: readonly ScanBox[], assetId: string, place: readonly number[], bounds: object): readonly ScanBox[]
    boxStepped(
      box: ScanBox,
      mode: 'translate' | 'scale',
      seen: { readonly axis: number; readonly sign: number },
      grows: boolean,
      isFine: boolean,
    ): ScanBox
    placeBoxPlanes(box: ScanBox | null, worldFromAsset: object): void
  }
  'stage/still-picture': {
    readonly StillPicture: new (
      video: object,
      canvas: object,
      url: string,
      standIn: () => boolean,
    ) => { follow(wanted: { readonly seconds: number; readonly rate: number }): boolean; dispose(): void }
  }
  'stage/stage-store': {
    readonly useStage: {
      getState(): {
        readonly tool: string
        readonly measured: readonly (readonly number[])[]
        readonly boxMode: string
        readonly keysOnBox: boolean
      }
      setState(state: object): void
    }
    chooseTool(tool: string): void
    measurePoint(point: readonly [number, number, number]): void
  }
  'stage/upright': {
    drawUpright(
      canvas: object,
      picture: object,
      shape: { readonly rotation: number; readonly width: number; readonly height: number },
      isWanted?: () => boolean,
    ): Promise<boolean>
  }
  'stage/world-keys': { lendToKeys(parts: object): () => void }
  'stage/seen-axes': {
    axisSeen(
      direction: string,
      right: readonly number[],
      up: readonly number[],
    ): { readonly axis: number; readonly sign: number }
  }
  'stage/place-by-hand': {
    anglesOf(matrix: readonly number[]): readonly number[]
    withAngles(matrix: readonly number[], angles: readonly number[]): number[]
    movedBy(matrix: readonly number[], by: readonly number[]): number[]
    turnedBy(matrix: readonly number[], axis: number, degrees: number): number[]
    placeByHand(draft: Map<string, DocumentRecord>, assetId: string, worldFromAsset: readonly number[]): void
    reasonNotToMove(
      document: Document,
      assetId: string | null,
      shown: { readonly asRecorded: boolean; readonly preview: object | null },
    ): string | null
  }
  'state/frames': {
    everyFrame(callback: (projectSeconds: number) => void): () => void
    everyFrameAndSeek(callback: (projectSeconds: number) => void): () => void
    wakeFrames(): void
  }
  'state/selection': { dropWhatIsGone(): () => void }
  'state/session-store': {
    readonly useSession: {
      getState(): {
        readonly notices: readonly { readonly id: number; readonly title: string; readonly shownIn: object | null }[]
        readonly selectedClipIds: ReadonlySet<string>
        readonly selectedMarkerId: string | null
        readonly selectedAssetId: string | null
        readonly pointedRow: { readonly trackId: string; readonly atTicks: number } | null
        readonly libraryChoice: { readonly beside: string; readonly assetIds: ReadonlySet<string> } | null
      }
      setState(state: {
        selectedClipIds?: ReadonlySet<string>
        aloneClipIds?: ReadonlySet<string> | null
        selectedMarkerId?: string | null
        cutting?: boolean
        viewedStreamId?: string | null
        selectedAssetId?: string | null
        libraryChoice?: null
        pointedRow?: { readonly trackId: string; readonly atTicks: number } | null
        dialog?: 'removeRecordings' | null
      }): void
    }
    dismissNotice(id: number): void
    notify(notice: { readonly kind: 'info' | 'success' | 'error'; readonly title: string }): void
    leaveNoticesOf(dialog: object): void
  }
  'state/upload': { portableName(name: string): string }
  'state/transport': {
    readonly useTransport: {
      getState(): {
        readonly rate: number
        readonly anchorSeconds: number
        readonly inSeconds: number | null
        readonly outSeconds: number | null
      }
      setState(state: {
        rate?: number
        anchorMilliseconds?: number
        anchorSeconds?: number
        inSeconds?: number | null
        outSeconds?: number | null
      }): void
    }
    setTransportBounds(startSeconds: number, endSeconds: number): void
    now(): number
    seek(seconds: number): void
    setRate(rate: number): void
  }
  'ui/format': {
    clockTime(seconds: number): string
    shortClock(seconds: number): string
    withSigma(seconds: number, sigmaSeconds: number): string
    byteWords(bytes: number): string
    durationWords(seconds: number): string
    shortFigure(value: number): string
  }
}

export async function loadFromWindow<K extends keyof WindowModules>(name: K): Promise<WindowModules[K]> {
  const address = new URL(`../../../renderer/src/${name}.ts`, import.meta.url).href
  return (await import(/* @vite-ignore */ address)) as WindowModules[K]
}
