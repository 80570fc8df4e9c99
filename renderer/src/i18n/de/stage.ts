import type { Translation } from '../catalogue.ts'
import type { stage as english } from '../en/stage.ts'

export const stage: Translation<typeof english> = {
  'stage.title': 'Bühne',
  'stage.show': 'Zeigen',
  'stage.picture': 'Bild',
  'stage.both': 'Bild und Welt',
  'stage.world': 'Welt',
  'stage.openingWorld': 'Die Welt wird geöffnet …',
  'stage.noPicture': 'Noch kein Bild: Importieren Sie ein Video.',
  'stage.cameras': 'Kameras',
  'stage.pictureOf': 'Bild von {title}',
  'stage.undecodable':
    'Dieser Browser kann {format} nicht zeigen. Eine Fassung, die er zeigen kann, wird gemacht; siehe Aufträge.',
  'stage.thisFormat': 'dieses Format',
  'stage.outside': '{title} hat in diesem Augenblick nichts aufgenommen.',
  'stage.noWorld': 'Noch keine Scans oder Posen: Importieren Sie einen Scan oder eine Telefonaufnahme.',
  'stage.cutaway': 'Aufschneiden',
  'stage.cutawayHint': 'Sieht durch die Wände und die Decke vor Ihnen in Räume hinein (Alt+C)',
  'stage.unplaced': 'Noch ohne Platz in der Welt: {titles}.',
}
