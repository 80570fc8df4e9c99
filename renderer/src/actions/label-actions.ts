import { labelsInOrder } from '../../../shared/document/labels.ts'
import { t } from '../i18n/text.ts'
import { toggleLabelling } from '../labels/labelling.ts'
import { useDocument } from '../state/document-store.ts'
import type { Action } from './action.ts'

export const labelActions: readonly Action[] = [
  {
    id: 'labelling',
    group: 'edit',
    shortcuts: ['Shift+L'],
    disabledReason: () => (labelsInOrder(useDocument.getState().document).length > 0 ? null : t('needs.labels')),
    run: toggleLabelling,
  },
]
