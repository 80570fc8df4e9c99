import type { brokenFiles } from '../../../../shared/sayings/broken-files.ts'
import type { Translation } from '../catalogue.ts'
import type { SayingsOf } from '../en/sayings.ts'

/** What is wrong with a file that a reader opened. */
export const saidOfBrokenFiles: Translation<SayingsOf<typeof brokenFiles>> = {
  'said.broken.folderTooFull': 'Der Ordner enthält mehr als {most} Dateien.',
  'said.broken.zeroByte': 'Ein Pfad kann kein Nullbyte enthalten.',
  'said.broken.noStreams': 'Nichts darin enthält Posen, Trägheitsmesswerte, Tiefe oder Punkte.',
  'said.broken.streamUnknown': 'Es gibt keinen Strom {index}.',
  'said.broken.streamOther': 'Dieser Strom enthält etwas anderes.',
  'said.broken.streamNoDepth': 'Dieser Strom enthält keine Tiefe.',
  'said.broken.streamNoGeometry': 'Dieser Strom enthält keine Geometrie.',
  'said.broken.streamNoMotion': 'Der Strom {index} darin enthält keine Bewegung.',
  'said.broken.streamNotInertial': 'Der Strom {index} darin enthält keine Trägheitsmesswerte.',
  'said.broken.streamNotPoses': 'Der Strom {index} darin enthält keine Posen.',
}
