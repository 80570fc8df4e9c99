import { app } from './app.ts'
import { actions } from './actions.ts'
import { exporting } from './exporting.ts'
import { timeline } from './timeline.ts'
import { library } from './library.ts'
import { align } from './align.ts'
import { inspector } from './inspector.ts'
import { stage } from './stage.ts'
import { stars } from './stars.ts'
import { publish } from './publish.ts'
import { ledger } from './ledger.ts'
import { words } from './words.ts'
import { labels } from './labels.ts'
import { commentary } from './commentary.ts'
import { jobNames } from './job-names.ts'
import { models } from './models.ts'
import { wallets } from './wallets.ts'
import { sayings } from './sayings.ts'

/** The English catalogue: one file a place of the window. */
export const en = {
  ...app,
  ...actions,
  ...exporting,
  ...timeline,
  ...library,
  ...align,
  ...inspector,
  ...stage,
  ...stars,
  ...publish,
  ...ledger,
  ...words,
  ...labels,
  ...commentary,
  ...jobNames,
  ...models,
  ...wallets,
  ...sayings,
}
