/** Importing what a person handed over, and saying what came of it. */
import type { ImportAnswer } from '../../../shared/contract/answers.ts'
import { NAMED_TO_LOOK_FOR, namesWords } from '../i18n/names.ts'
import { t } from '../i18n/text.ts'
import { showFailure, useEngine, type EngineAccess } from '../state/engine-context.ts'
import { notify } from '../state/session-store.ts'
import { nameOfPath } from '../ui/format.ts'
import { reasonWords } from '../ui/saying-words.ts'
import { chooseFiles } from './choose-files.ts'
import { tellOfRefusals } from './refusals.ts'

type Run = EngineAccess['run']

/** Imports and says what came onto the timeline, and what was refused and why. */
export async function importTokens(run: Run, tokens: readonly string[]): Promise<void> {
  if (tokens.length === 0) return
  const answer = await run('import', { files: [...tokens] })
  for (const edit of answer?.edits ?? []) tellOfEdit(edit)
  tellOfCompanions(answer?.beside ?? [])
  tellOfRefusals(
    'import',
    (answer?.refused ?? []).map(({ path, ...why }) => ({ name: nameOfPath(path), ...why })),
  )
}

/** What belongs to a film by its name and was not chosen with it. */
function tellOfCompanions(beside: ImportAnswer['beside']): void {
  if (beside.length === 0) return
  notify({
    kind: 'info',
    title: t('library.beside', { count: beside.length, name: nameOfPath(beside[0]!.of) }),
    detail: t('library.besideNames', { names: namesWords(beside.map(({ path }) => nameOfPath(path))) }),
  })
}

/** Recordings are seen in the library; what an edit, captions or labels brought is said. */
function tellOfEdit(edit: ImportAnswer['edits'][number]): void {
  const counts = (['clips', 'markers', 'labels', 'captions'] as const)
    .filter((what) => edit[what] > 0)
    .map((what) => t(`import.came.${what}`, { count: edit[what] }))
  const absent =
    edit.unmatched.length > 0 ? [t('import.unmatched', { names: namesWords(edit.unmatched, NAMED_TO_LOOK_FOR) })] : []
  const warnings = edit.warnings.map((reason, n) => reasonWords({ reason, said: edit.warnings_said?.[n] }))
  notify({
    kind: absent.length > 0 ? 'info' : 'success',
    title: t('import.came', { name: nameOfPath(edit.path), what: counts.join(', ') || t('import.cameNothing') }),
    detail: [...absent, ...warnings].join(' ') || undefined,
  })
}

/** Lets the person choose files and imports them: for panels that say which files they mean. */
export function useImportFiles(): () => void {
  const { host, run } = useEngine()
  return () =>
    void chooseFiles(host, t('library.import'))
      .then((tokens) => importTokens(run, tokens))
      .catch(showFailure)
}
